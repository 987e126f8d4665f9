/**
 * Rooms, callbacks and signalling messages as the live page shows them.
 *
 * @module
 */
import type { CallbackReport } from "../callbacks/delivery.ts";
import type { Room } from "../rooms/records.ts";
import { isRecording, subscriptionsOf } from "../rooms/selection.ts";
import type { SeenFrame } from "../signalling/signalling.ts";
import { redactedText } from "./redact.ts";

/** Past sessions shown of a room. */
const MAX_PAST = 10;

/** A room with everybody in it. */
export function viewRoom(room: Room) {
  const everybody = [...room.participants.values()].reverse();
  const past = everybody.filter(({ status }) => status === "disconnected");
  const hidden = new Set(past.slice(MAX_PAST));
  return {
    sid: room.sid,
    name: room.uniqueName,
    status: room.status,
    created: room.dateCreated.toISOString(),
    ended: room.endTime?.toISOString() ?? null,
    recording: room.status === "in-progress" && isRecording(room),
    participants: everybody.filter((one) => !hidden.has(one)).map((one) => ({
      sid: one.sid,
      identity: one.identity,
      status: one.status,
      tracks: [...one.tracks.values()].map((track) => ({
        sid: track.sid,
        name: track.name,
        kind: track.kind,
        enabled: track.enabled,
      })),
      subscribed: subscriptionsOf(one).length,
    })),
  };
}

/** An attempt to deliver a callback. The query of the URL may hold what is nobody's business. */
export function viewCallback(report: CallbackReport) {
  const { origin, pathname } = new URL(report.callback.url);
  return {
    at: report.at.toISOString(),
    event: report.event,
    room: report.callback.roomSid,
    url: origin + pathname,
    attempt: report.attempt,
    outcome: report.outcome,
    text: redactedText(Object.fromEntries(report.callback.params)),
  };
}

/** A signalling message; `null` for the frames that only keep a socket alive. */
export function viewFrame(
  { direction, frame, participant }: SeenFrame,
  at: Date,
) {
  if (frame.type === "heartbeat") return null;
  const body: unknown = "body" in frame ? frame.body : null;
  const type = typeof body === "object" && body !== null && "type" in body
    ? String(body.type)
    : frame.type;
  return {
    at: at.toISOString(),
    direction,
    identity: participant?.identity ?? null,
    room: participant?.room.uniqueName ?? null,
    type,
    text: redactedText(body ?? frame),
  };
}
