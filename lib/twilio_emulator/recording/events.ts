/**
 * What happens to recordings, and its status callback parameters
 * (https://www.twilio.com/docs/video/api/status-callbacks#recording-events).
 *
 * @module
 */
import type { Room } from "../rooms/records.ts";
import {
  type FailedOperation,
  type Recording,
  wholeSeconds,
} from "./recordings.ts";

/** An event of a recording. Its `type` is the `StatusCallbackEvent`. */
export interface RecordingEvent {
  readonly type:
    | "recording-started"
    | "recording-completed"
    | "recording-failed";
  readonly room: Room;
  readonly recording: Recording;
  /** What failed. */
  readonly failedOperation: FailedOperation | undefined;
}

/** The parameters of an event beside those of its room. */
export function recordingParameters(
  { type, recording, failedOperation }: RecordingEvent,
): [name: string, value: string][] {
  const isAudio = recording.kind === "audio";
  const uri = `/v1/Recordings/${recording.sid}`;
  return [
    ["ParticipantSid", recording.participantSid],
    ["ParticipantIdentity", recording.participantIdentity],
    ["RecordingSid", recording.sid],
    ["SourceSid", recording.sourceSid],
    ["RecordingUri", uri],
    ["Container", isAudio ? "mka" : "mkv"],
    ["Codec", isAudio ? "OPUS" : "VP8"],
    ["TrackName", recording.trackName],
    ["OffsetFromTwilioVideoEpoch", String(recording.offsetMs)],
    ["Type", recording.kind],
    ...(type === "recording-completed"
      ? [
        ["MediaUri", `${uri}/Media`],
        ["Duration", String(wholeSeconds(recording.seconds))],
        ["Size", String(recording.size)],
      ] as [string, string][]
      : []),
    ...(failedOperation
      ? [["FailedOperation", failedOperation] as [string, string]]
      : []),
  ];
}
