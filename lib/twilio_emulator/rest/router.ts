/**
 * The REST API's front door: authentication, paths, methods, error bodies.
 *
 * @module
 */
import { authenticate } from "../credentials.ts";
import { TwilioFault } from "../errors.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Settings } from "../settings.ts";
import { notFound, readForm, type RestHandler } from "./call.ts";
import {
  fetchParticipant,
  listParticipants,
  updateParticipant,
} from "./participants.ts";
import { failure, noContent } from "./responses.ts";
import { createRoom, fetchRoom, listRooms, updateRoom } from "./rooms.ts";

type Methods = Partial<Record<"GET" | "POST" | "DELETE", RestHandler>>;

/** Every path below `/v1`; `*` stands for one segment. Paths are case-sensitive, as Twilio's. */
const ROUTES: readonly (readonly [path: string, methods: Methods])[] = [
  ["/Rooms", { GET: listRooms, POST: createRoom }],
  ["/Rooms/*", { GET: fetchRoom, POST: updateRoom }],
  ["/Rooms/*/Participants", { GET: listParticipants }],
  ["/Rooms/*/Participants/*", {
    GET: fetchParticipant,
    POST: updateParticipant,
  }],
];

/**
 * Answers a request below `/v1`. Never rejects: what goes wrong becomes an
 * error body of Twilio's shape.
 *
 * @param path Below the emulator's mount, starting with `/v1`.
 */
export async function answerRest(
  request: Request,
  path: string,
  settings: Settings,
  rooms: Rooms,
): Promise<Response> {
  try {
    return await route(request, path, settings, rooms);
  } catch (error) {
    if (error instanceof TwilioFault) return failure(error);
    settings.log(`${request.method} ${path} failed: ${error}`);
    return failure(new TwilioFault(20500));
  }
}

async function route(
  request: Request,
  path: string,
  settings: Settings,
  rooms: Rooms,
): Promise<Response> {
  if (request.method === "OPTIONS") return noContent();
  const authorization = request.headers.get("authorization");
  const account = authenticate(settings.accounts, authorization);
  if (!account) throw new TwilioFault(20003);

  const url = new URL(request.url);
  const resource = path.replace(/^\/v1/, "").replace(/\/$/, "");
  for (const [pattern, methods] of ROUTES) {
    const params = match(pattern, resource);
    if (!params) continue;
    const handler = methods[request.method as keyof Methods];
    if (!handler) throw new TwilioFault(20004);
    const call = {
      account,
      rooms,
      url,
      base: `${url.origin}${settings.basePath}/v1`,
      path: resource,
      form: request.method === "POST"
        ? await readForm(request)
        : new URLSearchParams(),
    };
    return handler(call, ...params);
  }
  throw notFound({ path: resource });
}

/** The decoded segments at the stars, or `null` when the path is another one. */
function match(pattern: string, path: string): string[] | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: string[] = [];
  for (const [index, segment] of wanted.entries()) {
    const text = given[index]!;
    if (segment !== "*") {
      if (segment !== text) return null;
      continue;
    }
    try {
      params.push(decodeURIComponent(text));
    } catch {
      return null;
    }
  }
  return params.every(Boolean) ? params : null;
}
