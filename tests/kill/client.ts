import { DEMO_PASSWORD } from "@/lib/demo/clinic.ts";
import { pause } from "./random.ts";

/** An answer of the API, whatever it says. */
export interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- what it is, is for who asked
  body: any;
}

/** How often what happened to requests, over all clients. */
export interface Tally {
  sent: number;
  /** Answered with what was asked for: from then on it must never be lost. */
  acknowledged: number;
  /** No answer, or one that broke off. */
  unanswered: number;
  /** Answers that said "not now". */
  notNow: Record<string, number>;
}

/** A tally of nothing. */
export function newTally(): Tally {
  return { sent: 0, acknowledged: 0, unanswered: 0, notNow: {} };
}

/** What all clients share. */
export interface ClientOptions {
  origin: string;
  tally: Tally;
  /** How long a change is sent again before the client gives up; may become less at any time. */
  patienceMs: number;
}

/** No answer within this is none. */
const ANSWER_MS = 30_000;

/** What may be better in a moment; anything else is an answer. */
const PASSING = ["request_in_progress", "storage_busy", "storage_unavailable"];

/** Somebody signed in, on a line of their own to whichever process is there. */
export class Client implements Disposable {
  readonly email: string;
  readonly #options: ClientOptions;
  readonly #cookie: string;
  // A connection of its own for each request: so each meets any process.
  readonly #http = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

  private constructor(email: string, cookie: string, options: ClientOptions) {
    this.email = email;
    this.#cookie = cookie;
    this.#options = options;
  }

  /** Signs somebody of the demo clinic in. Throws if that does not work. */
  static async signIn(email: string, options: ClientOptions): Promise<Client> {
    const answer = await fetch(`${options.origin}/api/v1/auth/login/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password: DEMO_PASSWORD }),
    });
    await answer.body?.cancel();
    const cookie = answer.headers.get("set-cookie")?.split(";")[0];
    if (cookie === undefined) throw new Error(`Cannot sign ${email} in`);
    return new Client(email, cookie, options);
  }

  /** One request. Answers null if no whole answer came. */
  async ask(
    method: string,
    path: string,
    { json, key, hangUpMs = ANSWER_MS }: {
      json?: unknown;
      key?: string;
      /** Stops listening after that time. */
      hangUpMs?: number;
    } = {},
  ): Promise<Answer | null> {
    const { origin, tally } = this.#options;
    const hangUp = new AbortController();
    const timer = setTimeout(() => hangUp.abort(), hangUpMs);
    tally.sent++;
    try {
      const response = await fetch(`${origin}/api/v1/${path}`, {
        method,
        headers: {
          cookie: this.#cookie,
          origin,
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
        },
        body: json === undefined ? null : JSON.stringify(json),
        signal: hangUp.signal,
        client: this.#http,
      });
      return { status: response.status, body: await response.json() };
    } catch {
      tally.unanswered++;
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Changes something, once: sends it with the same key until there is an
   * answer, whatever it is. Answers null if patience ran out.
   */
  async change(
    path: string,
    json: unknown = {},
    key: string = crypto.randomUUID(),
  ): Promise<Answer | null> {
    const { tally } = this.#options;
    const start = performance.now();
    for (
      let waitMs = 50;
      performance.now() - start < this.#options.patienceMs;
      waitMs *= 1.5
    ) {
      const answer = await this.ask("POST", path, { json, key });
      if (answer !== null && answer.status < 300) tally.acknowledged++;
      if (answer !== null && !isPassing(answer)) return answer;
      if (answer !== null) {
        const said = String(answer.body?.code ?? answer.status);
        tally.notNow[said] = (tally.notNow[said] ?? 0) + 1;
      }
      await pause(Math.min(waitMs, 500));
    }
    return null;
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }
}

function isPassing({ status, body }: Answer): boolean {
  return status >= 500 || PASSING.includes(body?.code);
}
