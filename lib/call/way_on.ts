import { homeOf, isOnDemand, type Me, wayHome } from "@/lib/call/people.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** Whether the call on demand of whoever looks at it is over, and no doctor came. */
export function wasUnmet(session: SessionView, me: Me): boolean {
  const { status, attendance, end_reason, no_show } = session;
  const hasDoctorEndedIt = end_reason === "ended_by_doctor" &&
    !no_show.includes("doctor");
  return me.role === "patient" && isOnDemand(session) &&
    status !== "SCHEDULED" && status !== "IN_PROGRESS" &&
    attendance.doctor.length === 0 && !hasDoctorEndedIt;
}

/**
 * The id of the request with which whoever looks at a session that is over
 * waits in line again, as the server says; null: there is none.
 */
export function lineIdOf(session: SessionView, me: Me): string | null {
  return me.role === "patient" && session.returns_to_line
    ? session.call_id
    : null;
}

/** What one does next when the session is over, and where. */
export function wayOn(
  session: SessionView,
  me: Me,
): { href: string; words: string } {
  const lineId = lineIdOf(session, me);
  if (lineId !== null) {
    return { href: `/calls/${lineId}`, words: "Back to the line" };
  }
  return wasUnmet(session, me)
    ? { href: "/patient-portal/dashboard#ask", words: "Ask again" }
    : { href: homeOf(session, me), words: wayHome(session, me) };
}
