import type { PersonRef, Role } from "@/lib/accounts/account.ts";
import type { RemoteParticipant } from "@/lib/call/connection.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** Whoever looks at the call page. */
export interface Me {
  identity: string;
  role: Role;
  name: string;
}

/** The person at the other end. */
export function otherOf(session: SessionView, me: Me): PersonRef {
  return me.identity === session.doctor.id ? session.patient : session.doctor;
}

/**
 * Who an identity is, by the session as the server tells it. Null: nobody of
 * this session. The video service is never asked for a name.
 */
export function personOf(session: SessionView, identity: string): PersonRef | null {
  if (identity === session.doctor.id) return session.doctor;
  if (identity === session.patient.id) return session.patient;
  return null;
}

/** The identity as an element's id: letters, digits, `-` and `_` stay, all else becomes `_`. */
export function domId(identity: string): string {
  return identity.replace(/[^A-Za-z0-9_-]/g, "_");
}

const TITLE = /^(Dr|Prof|Mr|Mrs|Ms|Mx)\.?$/i;

/** At most two letters that stand for a name; titles do not count. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "" && !TITLE.test(word));
  const first = words[0] ?? "";
  const last = words.length > 1 ? words[words.length - 1] ?? "" : "";
  return ([...first][0] ?? "").concat([...last][0] ?? "").toLocaleUpperCase();
}

/** How one speaks of somebody: doctors by title and last name, others by first name. */
export function shortName(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const title = words[0] ?? "";
  if (words.length < 2) return name;
  return TITLE.test(title) ? `${title} ${words[words.length - 1]}` : title;
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
    ...[...here].filter((identity) => !were.has(identity)).map((id) => `${nameOf(id)} joined`),
    ...[...were].filter((identity) => !here.has(identity)).map((id) => `${nameOf(id)} left`),
  ].join(". ");
}
