import { seatOfIdentity } from "@/lib/sessions/policy.ts";
import { type Seat, SEATS, type Session } from "@/lib/sessions/session.ts";
import type { Participant, TrackRecording } from "@/lib/video/provider.ts";

/** What one person's file is made from. */
export interface SeatTracks {
  seat: Seat;
  /** Every connection of theirs that was recorded. */
  participantSids: string[];
}

/** Whether no track is still being written. */
export function isComplete(tracks: TrackRecording[]): boolean {
  return tracks.every(({ status }) => status !== "processing");
}

/** How long after the room was opened anything was recorded, in whole seconds: the files begin with the room. */
export function leadSeconds(
  tracks: TrackRecording[],
  roomCreatedAt: string,
): number {
  const first = Math.min(
    ...tracks.map(({ startedAt }) => Date.parse(startedAt)),
  );
  const seconds = Math.floor((first - Date.parse(roomCreatedAt)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

/** The recorded tracks by person. Tracks of strangers, and such that failed, are left out. */
export function groupBySeat(
  tracks: TrackRecording[],
  people: Participant[],
  session: Session,
): SeatTracks[] {
  const usable = tracks.filter(({ status }) => status === "completed");
  const seats = new Map(
    people.map(({ sid, identity }) => [sid, seatOfIdentity(identity, session)]),
  );
  return SEATS.flatMap((seat) => {
    const own = usable.filter(({ participantSid }) =>
      seats.get(participantSid) === seat
    );
    const participantSids = own.map((track) => track.participantSid);
    return own.length === 0
      ? []
      : [{ seat, participantSids: [...new Set(participantSids)] }];
  });
}
