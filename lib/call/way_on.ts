import { homeOf, isOnDemand, type Me, wayHome } from "@/lib/call/people.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/**
 * Whether a patient who asked for any doctor has met none, by the rule by
 * which the server puts the request back to its place in line.
 */
export function isStillWanted(session: SessionView, me: Me): boolean {
  const { status, attendance, end_reason, no_show } = session;
  const hasDoctorEndedIt = end_reason === "ended_by_doctor" &&
    !no_show.includes("doctor");
  return me.role === "patient" && isOnDemand(session) &&
    status !== "SCHEDULED" && status !== "IN_PROGRESS" &&
    attendance.doctor.length === 0 && !hasDoctorEndedIt;
}

/** Where one goes from a session that is over, and what the way is called. */
export function wayOn(
  session: SessionView,
  me: Me,
): { words: string; href: string } {
  return isStillWanted(session, me)
    ? { words: "Back to the line", href: "/patient-portal/dashboard#ask" }
    : { words: wayHome(session, me), href: homeOf(session, me) };
}
