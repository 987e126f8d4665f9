/**
 * What participants publish: the only code that changes their tracks.
 *
 * @module
 */
import type { TwilioFault } from "../errors.ts";
import { newSid } from "../sid.ts";
import type { RoomEvent } from "./events.ts";
import type { Participant, Track } from "./records.ts";
import { refuseTrack, type WantedTrack } from "./tracks.ts";

/** Changes the tracks of participants, and tells it. */
export class Publications {
  readonly #now: () => Date;
  readonly #nextOrder: () => number;
  readonly #emit: (event: RoomEvent) => void;

  /** @param emit Is told every event, after the records have changed. */
  constructor(
    now: () => Date,
    nextOrder: () => number,
    emit: (event: RoomEvent) => void,
  ) {
    this.#now = now;
    this.#nextOrder = nextOrder;
    this.#emit = emit;
  }

  /**
   * Makes what a participant publishes equal to `wanted`, its full list:
   * absent tracks are unpublished, new ones get a SID.
   *
   * @returns the tracks that were refused, by id, and why.
   */
  set(
    participant: Participant,
    wanted: readonly WantedTrack[],
  ): Map<string, TwilioFault> {
    const refused = new Map<string, TwilioFault>();
    const { room, tracks } = participant;
    const wantedIds = new Set(wanted.map(({ id }) => id));
    for (const track of [...tracks.values()]) {
      if (!wantedIds.has(track.id)) this.#unpublish(participant, track);
    }
    for (const want of wanted) {
      const track = tracks.get(want.id);
      const fault = track ? null : refuseTrack(room, participant, want);
      if (track) this.#update(participant, track, want);
      else if (fault) refused.set(want.id, fault);
      else this.#publish(participant, want);
    }
    return refused;
  }

  /** Unpublishes everything. */
  clear(participant: Participant): void {
    for (const track of [...participant.tracks.values()]) {
      this.#unpublish(participant, track);
    }
  }

  #publish(participant: Participant, want: WantedTrack): void {
    const { room, tracks } = participant;
    const now = this.#now();
    const track: Track = {
      ...want,
      sid: newSid("MT"),
      order: this.#nextOrder(),
      dateCreated: now,
      dateUpdated: now,
    };
    tracks.set(want.id, track);
    this.#emit({ type: "track-added", room, participant, track });
  }

  #update(participant: Participant, track: Track, want: WantedTrack): void {
    track.priority = want.priority;
    if (track.enabled === want.enabled) return;
    track.enabled = want.enabled;
    track.dateUpdated = this.#now();
    const type = want.enabled ? "track-enabled" : "track-disabled";
    this.#emit({ type, room: participant.room, participant, track });
  }

  #unpublish(participant: Participant, track: Track): void {
    participant.tracks.delete(track.id);
    const { room } = participant;
    this.#emit({ type: "track-removed", room, participant, track });
  }
}
