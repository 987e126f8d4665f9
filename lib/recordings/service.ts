import type { Caller } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import { lastView, saveView } from "@/lib/recordings/store.ts";
import type { Services } from "@/lib/services.ts";
import { apply, voiceOf } from "@/lib/sessions/event_service.ts";
import { authorize } from "@/lib/sessions/policy.ts";
import { getSession } from "@/lib/sessions/service.ts";
import type { Seat, Session } from "@/lib/sessions/session.ts";

/** A player asks for many pieces of both parts: together they are one view, for so long. */
const VIEW_MS = 3_600_000;

/** Which file, and how much of it. */
export interface MediaQuery {
  /** Whose part. */
  part: Seat;
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
  { part, range, signal }: MediaQuery,
): Promise<Response> {
  const session = await getSession(services, caller, id);
  authorize(caller.actor, "play_recording", session);
  const { state, parts } = session.recording;
  const file = parts.find(({ seat, status }) =>
    seat === part && status === "ready"
  );
  if (state !== "ready" || file === undefined) {
    throw new AppError(
      "recording_not_found",
      `Session "${id}" has no recording of its ${part} to play`,
    );
  }
  await noteView(services, caller, id, part);
  return await services.video.openMedia(file.compositionSid, range, signal);
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

async function noteView(
  services: Services,
  caller: Caller,
  id: string,
  part: Seat,
): Promise<void> {
  const { kv, now } = services;
  const last = await lastView(kv, id, caller.signInId);
  const at = now();
  if (last !== null && at.getTime() - Date.parse(last) < VIEW_MS) return;
  await apply(services, id, voiceOf(caller), (session) => {
    authorize(caller.actor, "play_recording", session);
    return { type: "recording_viewed", part };
  });
  await saveView(kv, id, caller.signInId, {
    at: at.toISOString(),
    keepMs: VIEW_MS,
  });
}
