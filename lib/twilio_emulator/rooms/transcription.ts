/**
 * The transcription of a room and its states
 * (https://www.twilio.com/docs/video/api/transcriptions-resource).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { TranscriptionConfiguration } from "./transcription_options.ts";

/** `started` and `stopped` alternate as often as one likes; `failed` is final. */
export type TranscriptionStatus = "started" | "stopped" | "failed";

/** The transcription of a room: it has one, or none. */
export interface Transcription {
  /** `video_extension_` and a UUID. */
  readonly ttid: string;
  readonly status: TranscriptionStatus;
  readonly configuration: TranscriptionConfiguration;
  readonly dateCreated: Date;
  readonly dateUpdated: Date | null;
  /** Beginning of what runs now, or ran last. */
  readonly startTime: Date;
  /** `null` while it runs. */
  readonly endTime: Date | null;
}

/** A transcription that begins now. */
export function startTranscription(
  configuration: TranscriptionConfiguration,
  now: Date,
): Transcription {
  return {
    ttid: `video_extension_${crypto.randomUUID()}`,
    status: "started",
    configuration,
    dateCreated: now,
    dateUpdated: null,
    startTime: now,
    endTime: null,
  };
}

/**
 * Reads the `Status` of an update. Not given: no change.
 *
 * @throws {TwilioFault} 20001 for anything but `started` and `stopped`.
 */
export function parseTranscriptionStatus(
  text: string | null,
): "started" | "stopped" | null {
  if (!text) return null;
  if (text === "started" || text === "stopped") return text;
  throw new TwilioFault(20001, "Invalid Status");
}

/**
 * A transcription in another state; the same one when it is in that state.
 *
 * @throws {TwilioFault} 20001 when it has failed: it cannot go on.
 */
export function moveTranscription(
  transcription: Transcription,
  status: TranscriptionStatus,
  now: Date,
): Transcription {
  if (transcription.status === status) return transcription;
  if (transcription.status === "failed") {
    throw new TwilioFault(20001, "The transcription has failed");
  }
  return status === "started"
    ? {
      ...transcription,
      status,
      dateUpdated: now,
      startTime: now,
      endTime: null,
    }
    : { ...transcription, status, dateUpdated: now, endTime: now };
}
