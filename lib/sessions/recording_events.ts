import { AppError } from "@/lib/errors.ts";
import type { Handlers } from "@/lib/sessions/events.ts";
import {
  isAllowed,
  type Recording,
  stateOf,
  VIEW_MS,
  withPart,
} from "@/lib/sessions/recording.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";

/** What asking, recording and deleting make of a session. */
export const RECORDING: Handlers<
  | "consented"
  | "recording_switched"
  | "recording_composed"
  | "recording_settled"
  | "recording_failed"
  | "recording_viewed"
  | "recording_deleted"
  | "recording_erased"
> = {
  consented(session, { seat, granted, textVersion }, { now }) {
    if (isOver(session.status)) {
      throw new AppError(
        "session_over",
        `Cannot answer for session "${session.id}": current status is ${session.status}`,
      );
    }
    const { recording } = session;
    const last = recording.consents[seat];
    if (last?.granted === granted && last.textVersion === textVersion) {
      return null;
    }
    const consent = { granted, textVersion, at: now.toISOString() };
    const answered: Recording = {
      ...recording,
      consents: { ...recording.consents, [seat]: consent },
    };
    const isTurned = session.status === "IN_PROGRESS" &&
      isAllowed(recording) !== isAllowed(answered);
    if (!isTurned) return withRecording(session, answered);
    // The room may be told otherwise at this very moment. It counts as doing
    // what it is not to do, until it was told so again.
    return withRecording(
      session,
      isAllowed(answered)
        ? { ...answered, active: false }
        : { ...answered, active: true, taken: true },
    );
  },

  recording_switched(session, { on, roomSid }) {
    // What a room was told that the call has left says nothing of the one it is in.
    if (session.status !== "IN_PROGRESS" || session.roomSid !== roomSid) {
      return null;
    }
    if (session.recording.active === on) return null;
    return withRecording(session, {
      active: on,
      taken: session.recording.taken || on,
    });
  },

  recording_composed(session, { parts }) {
    if (session.recording.state !== "processing") return null;
    return withRecording(session, { parts, state: stateOf(parts) });
  },

  recording_settled(session, { compositionSid, status, durationSeconds }) {
    const { recording } = session;
    const part = recording.parts.find((one) =>
      one.compositionSid === compositionSid
    );
    if (part?.status !== "processing") return null;
    return {
      ...session,
      recording: withPart(recording, {
        compositionSid,
        status,
        durationSeconds,
      }),
    };
  },

  recording_failed(session) {
    if (session.recording.state !== "processing") return null;
    return withRecording(session, { state: "failed" });
  },

  recording_viewed(session, { seat, signInId }, { now }) {
    const { state, lastViews } = session.recording;
    if (state !== "ready") {
      throw new AppError(
        "recording_not_found",
        `Session "${session.id}" has no recording to play`,
      );
    }
    const last = lastViews[seat];
    if (
      last?.signInId === signInId &&
      now.getTime() - Date.parse(last.at) < VIEW_MS
    ) return null;
    const view = { signInId, at: now.toISOString() };
    return withRecording(session, {
      lastViews: { ...lastViews, [seat]: view },
    });
  },

  recording_deleted(session) {
    const { state } = session.recording;
    if (state === "deleting" || state === "deleted") return null;
    if (!isOver(session.status) || state === "none") {
      throw new AppError(
        "recording_not_found",
        `Session "${session.id}" has no recording to delete`,
      );
    }
    return withRecording(session, { state: "deleting" });
  },

  recording_erased(session) {
    if (session.recording.state !== "deleting") return null;
    return withRecording(session, { state: "deleted", parts: [] });
  },
};

function withRecording(
  session: Session,
  about: Partial<Session["recording"]>,
): Session {
  return { ...session, recording: { ...session.recording, ...about } };
}
