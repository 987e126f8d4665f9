import type { Caller } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import type { Services } from "@/lib/services.ts";
import { apply, voiceOf } from "@/lib/sessions/event_service.ts";
import { authorize } from "@/lib/sessions/policy.ts";
import {
  type Recording,
  type RecordingPart,
  sectionsOf,
} from "@/lib/sessions/recording.ts";
import type { Seat, Session } from "@/lib/sessions/session.ts";

/** Which file, and how much of it. */
export interface MediaQuery {
  /** Whose part. */
  part: Seat;
  /** Of which section, from 1. */
  section: number;
  /** The browser's `Range` header. */
  range: string | null;
  /** Ends the stream. */
  signal: AbortSignal;
}

/**
 * Streams one part of the recording to a participant of the session. That it
 * is viewed is in the history before the first byte. Throws
 * `session_not_found`, `recording_not_found`, `video_*`.
 */
export async function openMedia(
  services: Services,
  caller: Caller,
  id: string,
  { part, section, range, signal }: MediaQuery,
): Promise<Response> {
  const { signInId } = caller;
  const { recording } = await apply(
    services,
    id,
    voiceOf(caller),
    (session) => {
      const seat = authorize(caller.actor, "play_recording", session);
      requireFile(session, section, part);
      return { type: "recording_viewed", seat, signInId, part };
    },
  );
  const { compositionSid } = fileOf(recording, section, part)!;
  const media = await services.video.openMedia(compositionSid, range, signal);
  // The video service has lost it, or somebody deleted it there.
  if (media === null) throw notFound(id, part);
  return media;
}

function fileOf(
  { parts }: Recording,
  section: number,
  part: Seat,
): RecordingPart | undefined {
  return sectionsOf(parts)[section - 1]?.parts.find(({ seat, status }) =>
    seat === part && status === "ready"
  );
}

function requireFile(
  { id, recording }: Session,
  section: number,
  part: Seat,
): void {
  if (fileOf(recording, section, part) !== undefined) return;
  throw notFound(id, part);
}

function notFound(id: string, part: Seat): AppError {
  return new AppError(
    "recording_not_found",
    `Session "${id}" has no recording of its ${part} to play`,
  );
}

/**
 * Deletes the recording: here at once, at the video service as soon as that
 * answers. The session's doctor only; twice is fine. Throws
 * `recording_not_found`.
 */
export function deleteRecording(
  services: Services,
  caller: Caller,
  id: string,
): Promise<Session> {
  return apply(services, id, voiceOf(caller), (session) => {
    authorize(caller.actor, "delete_recording", session);
    return { type: "recording_deleted" };
  });
}
