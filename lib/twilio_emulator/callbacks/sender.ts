/**
 * Sends callbacks: those of one room in order, each when the receiver has
 * answered the one before, unless the policy says otherwise.
 *
 * @module
 */
import type { StatusEvent } from "../rooms/events.ts";
import type { Room } from "../rooms/records.ts";
import type { Settings } from "../settings.ts";
import type { Timers } from "../timers.ts";
import { type Callback, type CallbackReport, Delivery } from "./delivery.ts";
import { eventParameters, roomParameters } from "./parameters.ts";
import { admit, type CallbackPolicy, isLost, shuffled } from "./policy.ts";

/** Callbacks of one room that may wait for a slow receiver; later ones are dropped. */
const MAX_WAITING = 1000;

/** What is held back to be shuffled is sent when nothing has followed for so long. */
const MAX_HOLD_MS = 500;

interface Queue {
  waiting: number;
  held: readonly Callback[];
  stopHolding: () => void;
  tail: Promise<void>;
}

/** The callbacks of an emulator. */
export class CallbackSender {
  readonly #settings: Settings;
  readonly #policy: () => CallbackPolicy;
  readonly #timers: Timers;
  readonly #report: (report: CallbackReport) => void;
  readonly #queues = new Map<Room, Queue>();
  /** How many callbacks of each room there have been. */
  readonly #sequence = new WeakMap<Room, number>();
  readonly #closed = new AbortController();
  readonly #delivery: Delivery;

  /**
   * @param policy How to deliver what happens now.
   * @param report Is told what became of each attempt.
   */
  constructor(
    settings: Settings,
    timers: Timers,
    policy: () => CallbackPolicy,
    report: (report: CallbackReport) => void,
  ) {
    this.#settings = settings;
    this.#policy = policy;
    this.#timers = timers;
    this.#report = report;
    this.#delivery = new Delivery(
      settings,
      timers,
      report,
      this.#closed.signal,
    );
  }

  /** Queues the callback of an event, if its room has a `StatusCallback`. */
  send(event: StatusEvent): void {
    this.sendOfRoom(event.room, event.type, eventParameters(event));
  }

  /**
   * Queues a callback to the `StatusCallback` of a room, if it has one, with
   * the parameters that all callbacks of rooms have and others. All are taken
   * now. Recordings tell their events this way.
   */
  sendOfRoom(
    room: Room,
    event: string,
    params: Iterable<readonly [string, string]>,
  ): void {
    const { statusCallback: url, statusCallbackMethod: method } = room.options;
    if (url === null) return;
    const now = this.#settings.now();
    const sequence = this.#sequence.get(room) ?? 0;
    this.#sequence.set(room, sequence + 1);
    this.enqueue(room, {
      accountSid: room.accountSid,
      roomSid: room.sid,
      url,
      method,
      params: new Map([
        ...roomParameters(room, event, now, sequence),
        ...params,
      ]),
    });
  }

  /**
   * Queues a callback to any address, behind the others of the room.
   * Compositions tell their events this way. Its parameters must have
   * `StatusCallbackEvent`.
   */
  enqueue(room: Room, callback: Callback): void {
    if (this.#closed.signal.aborted) return;
    const policy = this.#policy();
    const event = callback.params.get("StatusCallbackEvent") ?? "";
    if (isLost(policy, event, Math.random)) {
      const at = this.#settings.now();
      this.#report({ at, callback, event, attempt: 0, outcome: "lost" });
      return;
    }
    const queue = this.#queue(room);
    const { send, held } = admit(policy, queue.held, callback, Math.random);
    queue.stopHolding();
    queue.held = held;
    this.#append(room, queue, send, policy.delayMs);
    if (room.status === "completed") this.#releaseHeld(room, queue);
    else if (held.length > 0) {
      queue.stopHolding = this.#timers.after(
        MAX_HOLD_MS,
        () => this.#releaseHeld(room, queue),
      );
    }
  }

  /** Waits until everything queued so far has been sent or has failed. */
  async drain(): Promise<void> {
    for (const [room, queue] of this.#queues) this.#releaseHeld(room, queue);
    await Promise.all([...this.#queues.values()].map(({ tail }) => tail));
  }

  /** Gives up what is under way and what waits. */
  async close(): Promise<void> {
    this.#closed.abort(new Error("the emulator was closed"));
    await this.drain();
  }

  #queue(room: Room): Queue {
    const queue = this.#queues.get(room) ?? {
      waiting: 0,
      held: [],
      stopHolding: () => {},
      tail: Promise.resolve(),
    };
    this.#queues.set(room, queue);
    return queue;
  }

  #releaseHeld(room: Room, queue: Queue): void {
    queue.stopHolding();
    const held = shuffled(queue.held, Math.random);
    queue.held = [];
    this.#append(room, queue, held, this.#policy().delayMs);
  }

  #append(
    room: Room,
    queue: Queue,
    callbacks: readonly Callback[],
    delayMs: number,
  ): void {
    for (const callback of callbacks) {
      if (queue.waiting >= MAX_WAITING) {
        const event = callback.params.get("StatusCallbackEvent");
        this.#settings.log(
          `callback ${event} of ${room.sid} dropped: ${MAX_WAITING} are waiting`,
        );
        continue;
      }
      queue.waiting++;
      const due = delayMs > 0 ? this.#delivery.pause(delayMs) : null;
      queue.tail = queue.tail.then(async () => {
        await due;
        await this.#delivery.deliver(callback);
        queue.waiting--;
        const isIdle = queue.waiting === 0 && queue.held.length === 0;
        if (isIdle) this.#queues.delete(room);
      });
    }
  }
}
