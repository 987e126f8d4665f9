import type { AuditAction, AuditActor, AuditFacts } from "@/lib/audit/entry.ts";
import type { Session } from "@/lib/sessions/session.ts";
import type { SessionEvent } from "@/lib/sessions/events.ts";

/** What each event is called in the audit log. */
const ACTIONS: Record<SessionEvent["type"], AuditAction> = {
  start_requested: "session.start_requested",
  start_confirmed: "session.start",
  start_failed: "session.start_failed",
  start_expired: "session.start_expired",
  admitted: "session.token",
  connected: "session.join",
  disconnected: "session.leave",
  left: "session.leave",
  roster: "session.roster",
  intruded: "session.intruder",
  intruder_removed: "session.intruder_removed",
  ended: "session.end",
  overran: "session.end",
  room_ended: "session.end",
  room_closed: "session.room_closed",
  room_close_given_up: "session.room_close_given_up",
  room_found: "session.room_found",
  room_reopened: "session.room_reopened",
  cancelled: "session.cancel",
  expired: "session.cancel",
  edited: "session.edit",
  video_offered: "session.video_offer",
  video_answered: "session.video_answer",
  room_moved: "session.room_moved",
  move_given_up: "session.move_given_up",
  past_room_closed: "session.past_room_closed",
  past_room_given_up: "session.past_room_given_up",
  consented: "session.consent",
  recording_switched: "recording.switch",
  recording_composed: "recording.compose",
  recording_settled: "recording.settle",
  recording_failed: "recording.fail",
  recording_viewed: "recording.view",
  recording_deleted: "recording.delete",
  recording_erased: "recording.erase",
};

/** Events that tell of something that should not have happened. */
const FAILURES: ReadonlySet<SessionEvent["type"]> = new Set([
  "start_failed",
  "start_expired",
  "room_close_given_up",
  "move_given_up",
  "past_room_given_up",
  "recording_failed",
]);

/** What an event says more precisely than its name; identifiers only. */
function detailOf(
  event: SessionEvent,
  before: Session,
  after: Session,
): string | null {
  switch (event.type) {
    case "admitted":
    case "connected":
    case "disconnected":
    case "left":
      return event.seat;
    case "video_offered":
      return `${event.seat}:${after.moving === null ? "offered" : "accepted"}`;
    case "video_answered":
      return `${event.seat}:${
        event.accepted
          ? "accepted"
          : before.videoOffer?.by === event.seat
          ? "withdrawn"
          : "refused"
      }`;
    case "edited":
      return before.scheduledStart === after.scheduledStart
        ? "notes"
        : before.notes === after.notes
        ? "time"
        : "time,notes";
    case "consented":
      return `${event.seat}:${
        event.granted ? "granted" : "refused"
      }:${event.textVersion}`;
    case "intruded":
    case "intruder_removed":
      return event.participantSid;
    case "recording_switched":
      return event.on ? "on" : "off";
    case "recording_composed":
    case "recording_settled":
      // What the recording is as a whole from then on.
      return after.recording.state;
    case "recording_viewed":
      return event.part;
    case "room_ended":
      // Of an attempt to start, which goes on.
      return after.status === before.status ? "early" : after.endReason;
    default:
      return before.endReason === after.endReason ? null : after.endReason;
  }
}

/** What the audit log says of a new session. */
export function createFacts(
  session: Session,
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  return {
    ...about(session, actor, requestId),
    at: session.createdAt,
    action: "session.create",
    change: { from: "none", to: session.status },
    reason: null,
  };
}

/** What the audit log says of an event that changed a session. */
export function eventFacts(
  event: SessionEvent,
  { before, after, at }: { before: Session; after: Session; at: Date },
  actor: AuditActor,
  requestId: string,
): AuditFacts {
  const intruded = event.type === "intruded";
  return {
    ...about(after, actor, requestId),
    at: at.toISOString(),
    action: ACTIONS[event.type],
    outcome: intruded
      ? "denied"
      : FAILURES.has(event.type)
      ? "error"
      : "success",
    code: event.type === "start_failed" || event.type === "move_given_up"
      ? event.code
      : null,
    change: before.status === after.status
      ? null
      : { from: before.status, to: after.status },
    reason: detailOf(event, before, after),
  };
}

function about(session: Session, actor: AuditActor, requestId: string) {
  return {
    actor,
    outcome: "success" as const,
    code: null,
    target: { type: "session" as const, id: session.id },
    visitId: session.visitId,
    patientId: session.patient.id,
    requestId,
  };
}
