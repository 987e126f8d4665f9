/**
 * A small KV Connect server, faithful to denokv where clients can tell: the
 * protocol in its versions 1 to 3, its limits, its errors. Deno's own client
 * opens it as `Deno.openKv("http://127.0.0.1:…")`. For tests; a clinic runs
 * denokv.
 *
 * @module
 */
import { z } from "zod";
import { Database } from "./database.ts";
import { checkRead, checkWatch, checkWrite, Refusal } from "./limits.ts";
import {
  decodeAtomicWrite,
  decodeSnapshotRead,
  decodeWatch,
  encodeAtomicWriteOutput,
  encodeSnapshotReadOutput,
  READ_STATUS,
  WRITE_STATUS,
} from "./messages.ts";
import { Watchers } from "./watchers.ts";

/** The token that every server takes if it is given none. */
export const ACCESS_TOKEN = "a-token-of-the-tests";

/** How often expired keys are collected, as denokv does: they can be read until then. */
const COLLECT_MS = 60_000;

const DATABASE_ID = "00000000-0000-0000-0000-000000000000";
const DATA_PATH = "/data/";

/** Where and what to serve. */
export interface KvConnectOptions {
  /** 0, or nothing, for any that is free. */
  port?: number;
  /** The file that keeps the data; in memory if there is none. */
  file?: string;
  accessToken?: string;
  /** The versions of the protocol that are spoken. */
  versions?: number[];
}

/** What can be made wrong, at any time. */
export interface KvConnectFaults {
  /** Answers every request with this status and does nothing: clients repeat a 5xx and give up at a 4xx. */
  status: number | null;
  /** So many of the next commits land while their answer is lost: clients send them again. */
  lostAnswers: number;
}

/** A running server. */
export interface KvConnectServer extends AsyncDisposable {
  /** What KV_PATH is set to, e.g. `http://127.0.0.1:4512`. */
  url: string;
  accessToken: string;
  faults: KvConnectFaults;
}

/** Serves a database until it is disposed of; what was in memory is gone then. */
export function serveKvConnect(
  {
    port = 0,
    file = ":memory:",
    accessToken = ACCESS_TOKEN,
    versions = [1, 2, 3],
  }: KvConnectOptions = {},
): KvConnectServer {
  const database = new Database(file);
  const watchers = new Watchers(database);
  const faults: KvConnectFaults = { status: null, lostAnswers: 0 };
  const collecting = setInterval(
    () => watchers.notify(database.collectExpired()),
    COLLECT_MS,
  );
  const server = Deno.serve(
    { port, hostname: "127.0.0.1", onListen() {}, onError: answerError },
    async (request) => {
      if (faults.status !== null) {
        return new Response("A fault of the test.", { status: faults.status });
      }
      authenticate(request, accessToken);
      const { pathname } = new URL(request.url);
      if (pathname === "/") {
        return metadata(await exchangeRequest(request), request.url);
      }
      checkHeaders(request, versions);
      return answer(pathname, new Uint8Array(await request.arrayBuffer()));
    },
  );

  function metadata(supported: number[], url: string): Response {
    const version = Math.max(
      ...versions.filter((version) => supported.includes(version)),
    );
    if (!Number.isFinite(version)) {
      throw new Refusal("The server could not negotiate a protocol version.");
    }
    return Response.json({
      version,
      databaseId: DATABASE_ID,
      endpoints: [{
        url: new URL(DATA_PATH.slice(0, -1), url).href,
        consistency: "strong",
      }],
      // As denokv does it: so a server may start again without its clients noticing.
      token: accessToken,
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
  }

  function answer(path: string, body: Uint8Array): Response {
    switch (path) {
      case `${DATA_PATH}snapshot_read`:
        return read(body);
      case `${DATA_PATH}atomic_write`:
        return write(body);
      case `${DATA_PATH}watch`:
        return watch(body);
      default:
        throw new Refusal("Resource not found.", 404);
    }
  }

  function read(body: Uint8Array): Response {
    const { ranges } = decoded(decodeSnapshotRead, body);
    checkRead(ranges);
    return protobuf(encodeSnapshotReadOutput({
      ranges: database.read(ranges).map((values) => ({ values })),
      readIsStronglyConsistent: true,
      status: READ_STATUS.SUCCESS,
    }));
  }

  function write(body: Uint8Array): Response {
    const asked = decoded(decodeAtomicWrite, body);
    checkWrite(asked);
    const written = database.write(asked);
    if (!written.ok) {
      return protobuf(encodeAtomicWriteOutput({
        status: WRITE_STATUS.CHECK_FAILURE,
        failedChecks: written.failedChecks,
      }));
    }
    watchers.notify(written.keys);
    if (faults.lostAnswers > 0) {
      faults.lostAnswers--;
      return new Response("The answer is lost.", { status: 503 });
    }
    return protobuf(encodeAtomicWriteOutput({
      status: WRITE_STATUS.SUCCESS,
      versionstamp: written.versionstamp,
    }));
  }

  function watch(body: Uint8Array): Response {
    const keys = decoded(decodeWatch, body).keys.map(({ key }) => key);
    checkWatch(keys);
    return protobuf(watchers.watch(keys));
  }

  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(collecting);
    watchers.close();
    await server.shutdown();
    database[Symbol.dispose]();
  };

  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    accessToken,
    faults,
    // A test that stopped it early may leave the rest to `await using`.
    [Symbol.asyncDispose]: () => closing ??= close(),
  };
}

const ExchangeRequest = z.object({ supportedVersions: z.array(z.int()) });

/** The versions a client speaks; the first one only, if it says nothing. */
async function exchangeRequest(request: Request): Promise<number[]> {
  const text = await request.text();
  if (text === "") return [1];
  try {
    return ExchangeRequest.parse(JSON.parse(text)).supportedVersions;
  } catch {
    throw new Refusal("The request body is invalid.");
  }
}

function authenticate(request: Request, accessToken: string): void {
  const [scheme, token] = request.headers.get("authorization")?.split(" ") ??
    [];
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) {
    throw new Refusal("Malformed authorization header.", 401);
  }
  if (token !== accessToken) throw new Refusal("Invalid access token.", 401);
}

/** Version 1 names the database in another header and no version. */
function checkHeaders({ headers }: Request, versions: number[]): void {
  const version = Number(headers.get("x-denokv-version") ?? 1);
  if (!versions.includes(version)) {
    throw new Refusal("Invalid protocol version.");
  }
  const name = version === 1
    ? "x-transaction-domain-id"
    : "x-denokv-database-id";
  if (headers.get(name) !== DATABASE_ID) {
    throw new Refusal("Invalid database id.");
  }
}

function decoded<T>(decode: (bytes: Uint8Array) => T, body: Uint8Array): T {
  try {
    return decode(body);
  } catch (cause) {
    throw new Refusal(`Request protobuf is invalid: ${cause}.`);
  }
}

function protobuf(body: BodyInit): Response {
  return new Response(body, {
    headers: { "content-type": "application/x-protobuf" },
  });
}

/** A refusal is not repeated by clients; anything else may pass, and is. */
function answerError(error: unknown): Response {
  return error instanceof Refusal
    ? new Response(error.message, { status: error.status })
    : new Response(`An internal server error occurred: ${error}.`, {
      status: 500,
    });
}
