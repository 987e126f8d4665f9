import { createHash } from "node:crypto";
import { z } from "zod";

/**
 * A status callback of Twilio Video, as far as sessions depend on it (Twilio
 * docs, "Video Status Callbacks"). Three families, told apart by the start of
 * `StatusCallbackEvent`:
 *
 * - `room-`, `participant-`, `track-`: of a room and who is in it;
 * - `recording-`: these have a participant and a `RecordingSid`;
 * - `composition-`: these name no room, only its SID, and have a
 *   `CompositionSid`.
 *
 * Whatever else comes along is ignored.
 */
export const StatusCallback = z.object({
  AccountSid: z.string(),
  RoomSid: z.string(),
  /** Of all but compositions. */
  RoomName: z.string().max(128).optional(),
  StatusCallbackEvent: z.string(),
  Timestamp: z.iso.datetime({ offset: true }),
  /** Of all but compositions; no guide to the order. */
  SequenceNumber: z.coerce.number().int().optional(),
  /** Of participants, tracks and recordings. */
  ParticipantSid: z.string().optional(),
  ParticipantIdentity: z.string().optional(),
  TrackSid: z.string().optional(),
  RecordingSid: z.string().optional(),
  CompositionSid: z.string().optional(),
});
/** A status callback of Twilio Video, as far as sessions depend on it. */
export type StatusCallback = z.infer<typeof StatusCallback>;

/** The same for every delivery of one callback: it may come twice. */
export function dedupeId(callback: StatusCallback): string {
  return createHash("sha256").update([
    callback.RoomSid,
    callback.StatusCallbackEvent,
    callback.SequenceNumber,
    callback.Timestamp,
    callback.ParticipantSid,
    callback.TrackSid,
    callback.RecordingSid,
    callback.CompositionSid,
  ].join("|")).digest("hex");
}
