import type { Actor } from "@/lib/accounts/account.ts";
import { sectionsOf } from "@/lib/sessions/recording.ts";
import type { Seat, Session } from "@/lib/sessions/session.ts";
import { roomsOf } from "@/lib/sessions/switching.ts";
import { type RecordingView, viewSession } from "@/lib/sessions/view.ts";

/** One person's picture and sound. */
export interface PartView {
  /** Whose. */
  seat: Seat;
  status: "processing" | "ready" | "failed";
  /** Where it is played, once ready. */
  url: string | null;
}

/** What was recorded in one room. Its parts are in step: a time in one is the same time in the other. */
export interface SectionView {
  voice_only: boolean;
  /** Where in every part the first recorded moment is; before it there is nothing. */
  starts_at_seconds: number;
  /** From the first recorded moment to the last; null: not ready. */
  duration_seconds: number | null;
  parts: PartView[];
}

/** A recording with its sections, which follow each other: two if the call switched to video. */
export interface PlayView extends RecordingView {
  sections: SectionView[];
}

/** The recording as this actor may see and play it. */
export function viewRecording(session: Session, actor: Actor): PlayView {
  const { parts, state } = session.recording;
  const isReady = state === "ready";
  const voice = new Set(
    roomsOf(session).filter(({ voiceOnly }) => voiceOnly)
      .map(({ roomSid }) => roomSid),
  );
  const base = `/api/v1/telemedicine/${session.id}/recording`;
  return {
    ...viewSession(session, actor).recording,
    sections: sectionsOf(parts).map((section, at) => ({
      voice_only: voice.has(section.roomSid),
      starts_at_seconds: section.leadSeconds,
      duration_seconds: isReady ? section.seconds : null,
      parts: section.parts.map(({ seat, status }) => ({
        seat,
        status,
        url: isReady && status === "ready"
          ? `${base}/${seat}/media/${at === 0 ? "" : `?section=${at + 1}`}`
          : null,
      })),
    })),
  };
}
