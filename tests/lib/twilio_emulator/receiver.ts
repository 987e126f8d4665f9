/**
 * An application that receives status callbacks.
 *
 * @module
 */
import twilio from "twilio";
import { ACCOUNT } from "./harness.ts";

/** The form of one callback. */
export type Received = Readonly<Record<string, string>>;

/** A receiver of callbacks whose signature the vendor's own check accepts. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** Those of one event, oldest first. */
  of(event: string): Received[];
}

/** Serves a receiver; a callback that is not signed well is answered 403 and not kept. */
export function serveReceiver(): Receiver {
  const received: Received[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const params = Object.fromEntries(
        new URLSearchParams(await request.text()),
      );
      const isValid = twilio.validateRequest(
        ACCOUNT.authToken,
        request.headers.get("x-twilio-signature") ?? "",
        request.url,
        params,
      );
      if (!isValid) return new Response(null, { status: 403 });
      received.push(params);
      return new Response(null, { status: 204 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/hook`,
    received,
    of: (event) =>
      received.filter(({ StatusCallbackEvent }) =>
        StatusCallbackEvent === event
      ),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
