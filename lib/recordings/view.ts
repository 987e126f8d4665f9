import type { Actor } from "@/lib/accounts/account.ts";
import type { Seat, Session } from "@/lib/sessions/session.ts";
import { type RecordingView, viewSession } from "@/lib/sessions/view.ts";

/** One person's picture and sound. */
export interface PartView {
  /** Whose. */
  seat: Seat;
  status: "processing" | "ready" | "failed";
  /** Where it is played, once ready. */
  url: string | null;
}

/** A recording with its parts, which are in step: a time in one is the same time in the other. */
export interface PlayView extends RecordingView {
  /** Where in every part the first recorded moment is; before it there is nothing. */
  starts_at_seconds: number;
  parts: PartView[];
}

/** The recording as this actor may see and play it. */
export function viewRecording(session: Session, actor: Actor): PlayView {
  const { parts, leadSeconds, state } = session.recording;
  const isReady = state === "ready";
  return {
    ...viewSession(session, actor).recording,
    starts_at_seconds: leadSeconds,
    parts: parts.map(({ seat, status }) => ({
      seat,
      status,
      url: isReady && status === "ready"
        ? `/api/v1/telemedicine/${session.id}/recording/${seat}/media/`
        : null,
    })),
  };
}
