/**
 * Where rooms are found, and how long those that have ended are kept.
 *
 * @module
 */
import { isSid } from "../sid.ts";
import type { Room } from "./records.ts";

/** Every room of an emulator, by SID and by name. */
export class Registry {
  readonly #maxCompleted: number;
  readonly #rooms = new Map<string, Room>();
  /** Rooms in progress, by account and name. */
  readonly #byName = new Map<string, Room>();
  /** How many of them each account has. */
  readonly #running = new Map<string, number>();

  /** @param maxCompleted Rooms that have ended and can still be looked up. */
  constructor(maxCompleted: number) {
    this.#maxCompleted = maxCompleted;
  }

  /** Takes in a new room. */
  add(room: Room): void {
    this.#rooms.set(room.sid, room);
    this.#byName.set(nameKey(room.accountSid, room.uniqueName), room);
    this.#running.set(room.accountSid, this.running(room.accountSid) + 1);
  }

  /** Frees the name of a room that has ended, and forgets the oldest of its kind. */
  end({ accountSid, uniqueName }: Room): void {
    this.#byName.delete(nameKey(accountSid, uniqueName));
    this.#running.set(accountSid, this.running(accountSid) - 1);
    const completed = [...this.#rooms.values()]
      .filter(({ status }) => status === "completed")
      .sort((a, b) => a.endTime!.getTime() - b.endTime!.getTime());
    const excess = completed.length - this.#maxCompleted;
    for (const { sid } of completed.slice(0, Math.max(0, excess))) {
      this.#rooms.delete(sid);
    }
  }

  /** Whether a running room of the account has the name. */
  hasName(accountSid: string, name: string): boolean {
    return this.#byName.has(nameKey(accountSid, name));
  }

  /** How many rooms of the account are in progress. */
  running(accountSid: string): number {
    return this.#running.get(accountSid) ?? 0;
  }

  /**
   * The room of the account with this SID, or with this name while it is in
   * progress: a completed room can only be found by SID.
   */
  find(accountSid: string, nameOrSid: string): Room | null {
    const named = this.#byName.get(nameKey(accountSid, nameOrSid));
    if (named) return named;
    const room = isSid("RM", nameOrSid) ? this.#rooms.get(nameOrSid) : null;
    return room?.accountSid === accountSid ? room : null;
  }

  /** Every room, newest first; of one account, or of all. */
  list(accountSid?: string): Room[] {
    return [...this.#rooms.values()]
      .filter((room) => !accountSid || room.accountSid === accountSid)
      .reverse();
  }
}

/** A name is unique among the rooms in progress of one account. */
function nameKey(accountSid: string, name: string): string {
  return `${accountSid}/${name}`;
}
