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
  return {
    at: at.toISOString(),
    direction,
    identity: participant?.identity ?? null,
    room: participant?.room.uniqueName ?? null,
    type: nameOf(body) ?? frame.type,
    text: redactedText(body ?? frame),
  };
}

/** Parts of an update, which say more than that it is one. */
const PARTS = [
  "participant",
  "participants",
  "published",
  "subscribed",
  "recording",
];

/** The type of a message; of an update, also what is in it. */
function nameOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  if (!("type" in body)) return null;
  const parts = PARTS.filter((part) => part in body);
  const entries = "peer_connections" in body ? body.peer_connections : [];
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (entry?.description) parts.push(String(entry.description.type));
    if (entry?.ice) parts.push("ice");
  }
  const isUpdate = body.type === "update" && parts.length > 0;
  return isUpdate
    ? `update: ${[...new Set(parts)].join(", ")}`
    : String(body.type);
}
