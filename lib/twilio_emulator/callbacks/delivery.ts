/**
 * The HTTP request of a callback: signed, with a time limit, tried again when
 * that is asked for
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
 *
 * @module
 */
import type { Settings } from "../settings.ts";
import type { Timers } from "../timers.ts";
import { signWebhook } from "./signature.ts";

/** Pause before the first further attempt; it doubles with each. */
const RETRY_PAUSE_MS = 100;

/** One callback. */
export interface Callback {
  readonly accountSid: string;
  /** The room it is about. */
  readonly roomSid: string;
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly params: ReadonlyMap<string, string>;
}

/** What became of an attempt to deliver a callback. */
export interface CallbackReport {
  readonly at: Date;
  readonly callback: Callback;
  /** `StatusCallbackEvent`. */
  readonly event: string;
  /** From 1; 0 when it was never sent. */
  readonly attempt: number;
  /** The status of the answer, or why there is none. */
  readonly outcome: number | string;
}

/** Delivers callbacks. */
export class Delivery {
  readonly #settings: Settings;
  readonly #timers: Timers;
  readonly #report: (report: CallbackReport) => void;
  readonly #closed: AbortSignal;
  /** `I-Twilio-Idempotency-Token`: every attempt and every copy of a callback has the same. */
  readonly #tokens = new WeakMap<Callback, string>();

  /**
   * @param report Is told the outcome of each attempt.
   * @param closed Ends what is under way.
   */
  constructor(
    settings: Settings,
    timers: Timers,
    report: (report: CallbackReport) => void,
    closed: AbortSignal,
  ) {
    this.#settings = settings;
    this.#timers = timers;
    this.#report = report;
    this.#closed = closed;
  }

  /** Sends a callback; settles when it has arrived or has failed for good. */
  async deliver(callback: Callback): Promise<void> {
    const { accounts, callbackRetries } = this.#settings;
    const account = accounts.find(({ accountSid }) =>
      accountSid === callback.accountSid
    );
    if (!account) return;
    const token = this.#tokens.get(callback) ?? crypto.randomUUID();
    this.#tokens.set(callback, token);
    for (let attempt = 1; !this.#closed.aborted; attempt++) {
      const request = callbackRequest(account.authToken, callback, token);
      const outcome = await this.#attempt(request);
      this.#tell(callback, attempt, outcome);
      const failed = typeof outcome === "string" || outcome >= 500;
      if (!failed || attempt > callbackRetries) return;
      await this.pause(RETRY_PAUSE_MS * 2 ** (attempt - 1));
    }
  }

  /** Waits; not longer than the emulator lives. */
  pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#closed.aborted) return Promise.resolve();
    const cancel = this.#timers.after(ms, resolve);
    const end = () => {
      cancel();
      resolve();
    };
    this.#closed.addEventListener("abort", end, { once: true });
    return promise.finally(() =>
      this.#closed.removeEventListener("abort", end)
    );
  }

  /** The status of the answer, or why there is none. The answer's body does not matter. */
  async #attempt(request: Request): Promise<number | string> {
    const { callbackTimeoutMs } = this.#settings;
    const timeout = new AbortController();
    const cancel = this.#timers.after(
      callbackTimeoutMs,
      () => timeout.abort(new Error(`no answer in ${callbackTimeoutMs} ms`)),
    );
    try {
      const response = await fetch(request, {
        signal: AbortSignal.any([timeout.signal, this.#closed]),
      });
      await response.body?.cancel();
      return response.status;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      cancel();
    }
  }

  #tell(callback: Callback, attempt: number, outcome: number | string): void {
    const { log, now } = this.#settings;
    const event = callback.params.get("StatusCallbackEvent") ?? "";
    if (typeof outcome === "string") {
      log(`callback ${event} of ${callback.roomSid} failed: ${outcome}`);
    } else if (outcome < 200 || outcome > 299) {
      log(`callback ${event} of ${callback.roomSid} was answered ${outcome}`);
    }
    this.#report({ at: now(), callback, event, attempt, outcome });
  }
}

/** The signed request: a form for POST, the same pairs in the query for GET. */
function callbackRequest(
  authToken: string,
  { method, url: configuredUrl, params }: Callback,
  idempotencyToken: string,
): Request {
  const isGet = method === "GET";
  // A fragment holds connection overrides for Twilio; it is neither sent nor signed.
  const url = new URL(configuredUrl);
  url.hash = "";
  const configured = configuredUrl.replace(/#.*$/, "");
  if (isGet) {
    for (const [name, value] of params) url.searchParams.append(name, value);
  }
  const signature = isGet
    ? signWebhook(authToken, url.href, new Map())
    : signWebhook(authToken, configured, params);
  return new Request(url, {
    method,
    headers: {
      "accept": "*/*",
      "i-twilio-idempotency-token": idempotencyToken,
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
