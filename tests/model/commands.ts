import type { Caller } from "@/lib/accounts/account.ts";
import type { ErrorCode } from "@/lib/errors.ts";
import { deleteRecording } from "@/lib/recordings/service.ts";
import type { Services } from "@/lib/services.ts";
import {
  cancelSession,
  editSession,
  endSession,
  giveConsent,
  leaveSession,
  startSession,
} from "@/lib/sessions/service.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import { answerVideo, offerVideo } from "@/lib/sessions/switching_service.ts";
import type { Visit } from "@/lib/visits/visit.ts";
import type { Who } from "./clinic.ts";
import type { CommandName } from "./steps.ts";

/** The use case behind each command that answers a session. */
export const COMMANDS: Record<
  Exclude<CommandName, "token">,
  (services: Services, caller: Caller, id: string) => Promise<Session>
> = {
  start: startSession,
  end: endSession,
  cancel: cancelSession,
  leave: leaveSession,
  "allow recording": (services, caller, id) =>
    giveConsent(services, caller, id, { granted: true, textVersion: "1" }),
  "refuse recording": (services, caller, id) =>
    giveConsent(services, caller, id, { granted: false, textVersion: "1" }),
  "offer video": offerVideo,
  "agree to video": (services, caller, id) =>
    answerVideo(services, caller, id, { accepted: true }),
  "stay on voice": (services, caller, id) =>
    answerVideo(services, caller, id, { accepted: false }),
  "write notes": (services, caller, id) =>
    editSession(services, caller, id, { notes: caller.client.requestId }),
  reschedule: (services, caller, id) =>
    editSession(services, caller, id, {
      scheduledStart: new Date(services.now().getTime() + 3_600_000),
    }),
  "delete recording": deleteRecording,
};

/** Whether a session that was answered shows that the command was carried out. */
export const DONE: Record<
  Exclude<CommandName, "token">,
  (session: Session, requestId: string, who: Who) => boolean
> = {
  start: ({ startedAt }) => startedAt !== null,
  end: ({ status }) => status === "COMPLETED",
  cancel: ({ status }) => status === "CANCELLED",
  leave: () => true,
  "allow recording": ({ recording }, _, who) =>
    recording.consents[who as "doctor"]?.granted === true,
  "refuse recording": ({ recording }, _, who) =>
    recording.consents[who as "doctor"]?.granted === false,
  // Much may have happened before it is answered.
  "offer video": () => true,
  "agree to video": () => true,
  "stay on voice": ({ videoOffer }) => videoOffer === null,
  "write notes": ({ notes }, requestId) => notes === requestId,
  reschedule: () => true,
  "delete recording": ({ recording }) =>
    recording.state === "deleting" || recording.state === "deleted",
};

/** Commands of the doctor alone. */
const DOCTORS: readonly CommandName[] = [
  "start",
  "end",
  "cancel",
  "write notes",
  "reschedule",
  "delete recording",
];

/** Commands that a planned session knows nothing of. */
const VIDEO: readonly CommandName[] = [
  "offer video",
  "agree to video",
  "stay on voice",
];

/** What a command may be refused for, by the statuses that the session had meanwhile. */
const INVALID: Partial<Record<CommandName, readonly Session["status"][]>> = {
  start: ["COMPLETED", "CANCELLED", "FAILED"],
  end: ["CANCELLED", "FAILED"],
  cancel: ["IN_PROGRESS", "COMPLETED", "FAILED"],
  "write notes": ["CANCELLED", "FAILED"],
  reschedule: ["IN_PROGRESS", "COMPLETED", "CANCELLED", "FAILED"],
};

/** Whether a command may be refused like this. The product's own tables are left aside on purpose. */
export function isJustified(
  code: ErrorCode,
  name: CommandName,
  who: Who,
  /** What the session was meanwhile. */
  states: readonly Session[],
  visit: Visit,
): boolean {
  const was = (statuses: readonly Session["status"][]) =>
    states.some(({ status }) => statuses.includes(status));
  switch (code) {
    case "session_not_found":
      return who === "otherDoctor" || who === "otherPatient";
    case "role_forbidden":
      return who === "patient" && DOCTORS.includes(name);
    case "not_started":
      return was(["SCHEDULED"]) &&
        (name === "end" || VIDEO.includes(name) ||
          (name === "token" && who === "doctor"));
    case "session_over":
      return was(["COMPLETED", "CANCELLED", "FAILED"]);
    case "invalid_transition":
      return was(INVALID[name] ?? []);
    case "visit_closed":
      return name === "start" && visit.status === "CLOSED";
    case "recording_not_found":
      return name === "delete recording" &&
        states.some(({ status, recording }) =>
          recording.state === "none" || !isOver(status)
        );
    case "session_running":
      return name === "start";
    case "conflict":
      // An attempt that was given up, or an offer that was taken back.
      return name === "start" || name === "agree to video";
    case "video_unavailable":
      return name === "start" || name === "offer video";
    case "video_rejected":
      // An end never depends on the video service.
      return name === "start" || VIDEO.includes(name);
    case "validation":
      // An hour may pass before the request is looked at.
      return name === "reschedule";
    case "storage_busy":
      return true;
    default:
      return false;
  }
}
