/**
 * One REST call, as the handlers see it.
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { Core } from "../core.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { ApiKey, EmulatorAccount } from "../settings.ts";

/** Largest form. The longest parameter anybody sends is a set of 20 rules. */
const MAX_FORM_BYTES = 64 * 1024;

/** An authenticated call. */
export interface RestCall {
  readonly account: EmulatorAccount;
  /** The API key it was made with; `null`: with the account's auth token. */
  readonly key: ApiKey | null;
  /** Everything else a handler may need. */
  readonly core: Core;
  readonly rooms: Rooms;
  /** As the client wrote it. */
  readonly url: URL;
  /** URL of `/v1` on the host the client talks to; every link in an answer starts with it. */
  readonly base: string;
  /** Path below `/v1`, for messages. */
  readonly path: string;
  /** The body of a POST; empty for other methods. */
  readonly form: URLSearchParams;
}

/** Answers one method of one path. `params` are the decoded variable segments of the path. */
export type RestHandler = (
  call: RestCall,
  ...params: string[]
) => Response | Promise<Response>;

/** The methods of one path below `/v1`; a `*` in it stands for one segment. */
export type Route = readonly [
  path: string,
  methods: Partial<Record<"GET" | "POST" | "DELETE", RestHandler>>,
];

/** The fault for a resource that is not there. */
export function notFound(call: Pick<RestCall, "path">): TwilioFault {
  return new TwilioFault(
    20404,
    `The requested resource ${call.path} was not found`,
  );
}

/**
 * Reads `application/x-www-form-urlencoded`.
 *
 * @throws {TwilioFault} 20001 when it is larger than 64 KiB.
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_FORM_BYTES) {
      throw new TwilioFault(20001, "The post body is too large");
    }
    chunks.push(chunk);
  }
  return new URLSearchParams(await new Blob(chunks as BlobPart[]).text());
}
