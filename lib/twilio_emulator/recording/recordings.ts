/**
 * The records of recordings. REST shows them, the recorder changes them.
 *
 * @module
 */
import type { Participant, Room, Track } from "../rooms/records.ts";

/** `processing` until the track ends; then `completed` or `failed`; `deleted` for good. */
export type RecordingStatus = "processing" | "completed" | "deleted" | "failed";

/** What went wrong with a recording. */
export type FailedOperation = "RecordingStart" | "RecordingComplete";

/** One track, recorded without a break. Stopping and starting again makes a new one. */
export interface Recording {
  /** `RT…` */
  readonly sid: string;
  /** Rises with each record: the order of lists. */
  readonly order: number;
  readonly room: Room;
  readonly participantSid: string;
  readonly participantIdentity: string;
  /** `MT…` */
  readonly sourceSid: string;
  /** The track's name, else its SID. */
  readonly trackName: string;
  readonly kind: "audio" | "video";
  readonly dateCreated: Date;
  /** The file, once it is completed. */
  readonly path: string;
  dateUpdated: Date;
  dateDeleted: Date | null;
  status: RecordingStatus;
  /** Milliseconds since 1970 when the first frame was sent: what aligns recordings. */
  offsetMs: number;
  /** Bytes; 0 while processing. */
  size: number;
  /** Seconds; 0 while processing. */
  seconds: number;
}

/** Records kept; the oldest are forgotten, their files stay. */
const MAX_RECORDINGS = 10_000;

/** All recordings of an emulator. */
export class Recordings {
  readonly #records = new Map<string, Recording>();
  #order = 0;

  /** Notes that a track is being recorded. */
  create(
    sid: string,
    path: string,
    { sid: participantSid, identity, room }: Participant,
    track: Track,
    offsetMs: number,
    now: Date,
  ): Recording {
    const recording: Recording = {
      sid,
      order: this.#order++,
      room,
      participantSid,
      participantIdentity: identity,
      sourceSid: track.sid,
      trackName: track.name || track.sid,
      kind: track.kind === "audio" ? "audio" : "video",
      dateCreated: now,
      path,
      dateUpdated: now,
      dateDeleted: null,
      status: "processing",
      offsetMs,
      size: 0,
      seconds: 0,
    };
    this.#records.set(sid, recording);
    if (this.#records.size > MAX_RECORDINGS) {
      const [oldest] = this.#records.keys();
      this.#records.delete(oldest!);
    }
    return recording;
  }

  /** A recording of the account. */
  find(accountSid: string, sid: string): Recording | null {
    const recording = this.#records.get(sid);
    return recording?.room.accountSid === accountSid ? recording : null;
  }

  /** Every recording of the account, newest first. */
  list(accountSid: string): Recording[] {
    return [...this.#records.values()]
      .filter(({ room }) => room.accountSid === accountSid)
      .reverse();
  }

  /** Whether anything of a room was recorded, or is being. */
  anyOf(room: Room): boolean {
    return [...this.#records.values()].some((recording) =>
      recording.room === room && recording.status !== "deleted"
    );
  }

  /** The recordings of a room that have a file. */
  completedOf(room: Room): Recording[] {
    return [...this.#records.values()].filter((recording) =>
      recording.room === room && recording.status === "completed"
    );
  }
}

/** Whole seconds, as REST shows them; less than one counts as one. */
export function wholeSeconds(seconds: number): number {
  return seconds > 0 ? Math.max(1, Math.round(seconds)) : 0;
}
