/**
 * A server that receives status callbacks.
 *
 * @module
 */
import twilio from "twilio";
import { ACCOUNT } from "./harness.ts";

/** A callback as it arrived. */
export interface Callback {
  readonly method: string;
  readonly params: Record<string, string>;
  /** Whether the vendor's own signature check accepts it. */
  readonly valid: boolean;
  /** `I-Twilio-Idempotency-Token`. */
  readonly token: string;
}

/**
 * An application that receives callbacks and checks their signature.
 *
 * @param delayMs How long it takes for the callback after so many others.
 * @param status What it answers to that one.
 */
export function serveReceiver(
  delayMs: (count: number) => number = () => 0,
  status: (count: number) => number = () => 204,
) {
  const received: Callback[] = [];
  let running = 0;
  let mostAtOnce = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      mostAtOnce = Math.max(mostAtOnce, ++running);
      const form = new URLSearchParams(await request.text());
      const isGet = request.method === "GET";
      const query = new URL(request.url).searchParams;
      await new Promise((done) => setTimeout(done, delayMs(received.length)));
      const answer = status(received.length);
      received.push({
        token: request.headers.get("i-twilio-idempotency-token") ?? "",
        method: request.method,
        params: Object.fromEntries(isGet ? query : form),
        valid: twilio.validateRequest(
          ACCOUNT.authToken,
          request.headers.get("x-twilio-signature") ?? "",
          request.url,
          Object.fromEntries(form),
        ),
      });
      running--;
      return new Response(null, { status: answer });
    },
  );
  return {
    received,
    mostAtOnce: () => mostAtOnce,
    url: `http://127.0.0.1:${server.addr.port}/hook?visit=1%202`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The events of callbacks, in the order of their arrival. */
export const names = (received: Callback[]) =>
  received.map(({ params }) => params.StatusCallbackEvent);
