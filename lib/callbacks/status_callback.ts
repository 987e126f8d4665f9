import { createHash } from "node:crypto";
import { z } from "zod";

/**
 * A status callback of Twilio Video, as far as sessions depend on it (Twilio
 * docs, "Video Status Callbacks"). Whatever else comes along is ignored.
 */
export const StatusCallback = z.object({
  AccountSid: z.string(),
  RoomSid: z.string(),
  RoomName: z.string().max(128),
  StatusCallbackEvent: z.string(),
  Timestamp: z.iso.datetime({ offset: true }),
  SequenceNumber: z.coerce.number().int().optional(),
  ParticipantSid: z.string().optional(),
  ParticipantIdentity: z.string().optional(),
  TrackSid: z.string().optional(),
  RecordingSid: z.string().optional(),
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
  ].join("|")).digest("hex");
}
