/**
 * Notices when the set of tracks to record changes.
 *
 * @module
 */
import type { RoomEvent } from "./events.ts";
import type { Room } from "./records.ts";
import { type PublishedTrack, recordedIn } from "./selection.ts";

/** Events after which it may be another set. */
const RELEVANT: ReadonlySet<string> = new Set<RoomEvent["type"]>([
  "track-added",
  "track-removed",
  "recording-rules-changed",
]);

/** Watches the rooms of an emulator. */
export class RecordingWatch {
  readonly #notify: (room: Room, tracks: readonly PublishedTrack[]) => void;
  /** What each room recorded last, as one text of track SIDs. */
  readonly #last = new Map<Room, string>();

  /** @param notify Is told the whole set, whenever it has changed. */
  constructor(
    notify: (room: Room, tracks: readonly PublishedTrack[]) => void,
  ) {
    this.#notify = notify;
  }

  /** Takes in an event, after the records have changed. */
  onRoomEvent({ type, room }: RoomEvent): void {
    if (type === "room-ended") this.#last.delete(room);
    if (!RELEVANT.has(type)) return;
    const tracks = recordedIn(room);
    const set = tracks.map(({ track }) => track.sid).join();
    if (set === (this.#last.get(room) ?? "")) return;
    this.#last.set(room, set);
    this.#notify(room, tracks);
  }
}
