/**
 * Sends status callbacks: in order per room, signed, once each.
 *
 * @module
 */
import type { RoomEvent } from "../rooms/events.ts";
import type { Room } from "../rooms/records.ts";
import type { Settings } from "../settings.ts";
import type { Timers } from "../timers.ts";
import { callbackParameters } from "./parameters.ts";
import { signWebhook } from "./signature.ts";

/** Callbacks of one room that may wait for a slow receiver; later ones are dropped. */
const MAX_WAITING = 1000;

interface Queue {
  waiting: number;
  sequence: number;
  tail: Promise<void>;
}

/** The status callbacks of an emulator. */
export class CallbackSender {
  readonly #settings: Settings;
  readonly #timers: Timers;
  readonly #queues = new Map<Room, Queue>();
  readonly #closed = new AbortController();

  constructor(settings: Settings, timers: Timers) {
    this.#settings = settings;
    this.#timers = timers;
  }

  /**
   * Queues the callback of an event, if its room has a `StatusCallback`. Its
   * parameters are taken now; a room's next one is sent when the receiver has
   * answered this one.
   */
  send(event: RoomEvent): void {
    const { room, type } = event;
    const { statusCallback } = room.options;
    if (statusCallback === null || this.#closed.signal.aborted) return;
    const queue = this.#queues.get(room) ??
      { waiting: 0, sequence: 0, tail: Promise.resolve() };
    this.#queues.set(room, queue);
    if (queue.waiting >= MAX_WAITING) {
      this.#settings.log(
        `callback ${type} of ${room.sid} dropped: ${MAX_WAITING} are waiting`,
      );
      return;
    }
    const now = this.#settings.now();
    const params = callbackParameters(event, queue.sequence++, now);
    queue.waiting++;
    queue.tail = queue.tail.then(async () => {
      await this.#deliver(room, statusCallback, params);
      queue.waiting--;
      if (room.status === "completed" && queue.waiting === 0) {
        this.#queues.delete(room);
      }
    });
  }

  /** Waits until everything queued so far has been sent or has failed. */
  async drain(): Promise<void> {
    await Promise.all([...this.#queues.values()].map(({ tail }) => tail));
  }

  /** Gives up what is under way and what waits. */
  async close(): Promise<void> {
    this.#closed.abort(new Error("the emulator was closed"));
    await this.drain();
  }

  /** One attempt. The answer's body does not matter, and a failure is not tried again. */
  async #deliver(
    room: Room,
    statusCallback: string,
    params: Map<string, string>,
  ): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const { accounts, callbackTimeoutMs, log } = this.#settings;
    const account = accounts.find((account) =>
      account.accountSid === room.accountSid
    );
    if (!account) return;
    const timeout = new AbortController();
    const cancel = this.#timers.after(
      callbackTimeoutMs,
      () => timeout.abort(new Error(`no answer in ${callbackTimeoutMs} ms`)),
    );
    const event = params.get("StatusCallbackEvent");
    try {
      const response = await fetch(
        callbackRequest(account.authToken, room, statusCallback, params),
        { signal: AbortSignal.any([timeout.signal, this.#closed.signal]) },
      );
      await response.body?.cancel();
      if (!response.ok) {
        log(`callback ${event} of ${room.sid} was answered ${response.status}`);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(`callback ${event} of ${room.sid} failed: ${reason}`);
    } finally {
      cancel();
    }
  }
}

/** The signed request: a form for POST, the same pairs in the query for GET. */
function callbackRequest(
  authToken: string,
  room: Room,
  statusCallback: string,
  params: Map<string, string>,
): Request {
  const isGet = room.options.statusCallbackMethod === "GET";
  // A fragment holds connection overrides for Twilio; it is neither sent nor signed.
  const url = new URL(statusCallback);
  url.hash = "";
  const configured = statusCallback.replace(/#.*$/, "");
  if (isGet) {
    for (const [name, value] of params) url.searchParams.append(name, value);
  }
  const signature = isGet
    ? signWebhook(authToken, url.href, new Map())
    : signWebhook(authToken, configured, params);
  return new Request(url, {
    method: isGet ? "GET" : "POST",
    headers: {
      "accept": "*/*",
      "i-twilio-idempotency-token": crypto.randomUUID(),
      "user-agent": "TwilioProxy/1.1",
      "x-twilio-signature": signature,
      ...(isGet ? {} : {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      }),
    },
    body: isGet ? null : new URLSearchParams([...params]).toString(),
    redirect: "manual",
  });
}
