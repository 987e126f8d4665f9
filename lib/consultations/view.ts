import type { Actor } from "@/lib/accounts/account.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { type SessionView, viewSession } from "@/lib/sessions/view.ts";

/** A consultation as the API shows it: the session of the same id, with the name that its visit has here. */
export interface ConsultationView extends SessionView {
  appointment_id: string;
}

/** What a browser needs to enter the consultation's room. */
export interface AdmissionView {
  /** Twilio access token. Secret: never logged, never in a URL. */
  token: string;
  room_name: string;
}

/** The session as a consultation, as this actor may see it. */
export function viewConsultation(
  session: Session,
  actor: Actor,
): ConsultationView {
  return {
    ...viewSession(session, actor),
    appointment_id: session.visitId,
  };
}

/** What the first API tells of an access token. */
export function viewAdmission(
  { token, room_name }: AccessView,
): AdmissionView {
  return { token, room_name };
}
