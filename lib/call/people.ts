import type { PersonRef, Role } from "@/lib/accounts/account.ts";
import type { RemoteParticipant } from "@/lib/call/connection.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import type { PresenceView, SessionView } from "@/lib/sessions/view.ts";

/** Whoever looks at the call page. */
export interface Me {
  identity: string;
  role: Role;
}

/** Who somebody with this identity is in the session: one of its two, as the server lets nobody else see it. */
export function meIn(
  { doctor }: Pick<SessionView, "doctor">,
  identity: string,
): Me {
  return { identity, role: identity === doctor.id ? "doctor" : "patient" };
}

/** The person at the other end. */
export function otherOf(session: SessionView, me: Me): PersonRef {
  return me.identity === session.doctor.id ? session.patient : session.doctor;
}

/** Which of the two somebody on the call page is. */
export function seatOf(session: SessionView, me: Me): Seat {
  return me.identity === session.doctor.id ? "doctor" : "patient";
}

/** Whether somebody still has to say if the session may be recorded. */
export function isUnanswered(session: SessionView, seat: Seat): boolean {
  return session.actions.includes("consent") &&
    session.recording.consents[seat] === null;
}

/**
 * Who an identity is, by the session as the server tells it. Null: nobody of
 * this session. The video service is never asked for a name.
 */
export function personOf(
  session: SessionView,
  identity: string,
): PersonRef | null {
  if (identity === session.doctor.id) return session.doctor;
  if (identity === session.patient.id) return session.patient;
  return null;
}

/** The identity as an element's id: letters, digits, `-` and `_` stay, all else becomes `_`. */
export function domId(identity: string): string {
  return identity.replace(/[^A-Za-z0-9_-]/g, "_");
}

/** What the person is called in a sentence: the doctor by the whole name, the patient by the first. */
export function calledName(session: SessionView, person: PersonRef): string {
  return person.id === session.doctor.id
    ? person.name
    : person.name.split(" ", 1)[0]!;
}

/** Whether the session came of a patient's call for any doctor. */
export function isOnDemand({ on_demand }: SessionView): boolean {
  return on_demand;
}

/** Where the session stands among the others of its visit, for its doctor. */
export function visitHref({ visit_id }: SessionView): string {
  return `/visits/${visit_id}/telemedicine`;
}

/** Where one goes from the call: the place the session was opened from. */
export function homeOf(session: SessionView, me: Me): string {
  if (me.role === "doctor") {
    return isOnDemand(session) ? "/doctor/queue" : visitHref(session);
  }
  return isOnDemand(session)
    ? "/patient-portal/dashboard"
    : "/patient-portal/telemedicine";
}

/** What the way back from the call is called. */
export function wayHome(session: SessionView, me: Me): string {
  if (me.role === "doctor") {
    return isOnDemand(session) ? "Back to the queue" : "Back to the visit";
  }
  return isOnDemand(session)
    ? "Back to your home page"
    : "Back to your sessions";
}

/** Where somebody is who is not in the room. */
export function absenceWord(presence: PresenceView | null): string {
  if (presence === null) return "Not here yet";
  if (presence.state === "joining") return "Joining…";
  return presence.state === "disconnected" ? "Left the call" : "Not here yet";
}

/** Who came and who went, in words for people who do not see it. */
export function comings(
  before: RemoteParticipant[],
  after: RemoteParticipant[],
  nameOf: (identity: string) => string,
): string {
  const here = new Set(after.map(({ identity }) => identity));
  const were = new Set(before.map(({ identity }) => identity));
  return [
    ...[...here].filter((identity) => !were.has(identity)).map((id) =>
      `${nameOf(id)} joined`
    ),
    ...[...were].filter((identity) => !here.has(identity)).map((id) =>
      `${nameOf(id)} left`
    ),
  ].join(". ");
}

/** The letters that stand for a person: first and last, without the title. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) =>
    word !== "" && !/^Dr\.?$/i.test(word)
  );
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]).join("").toUpperCase();
}
