/**
 * The REST API's front door: authentication, paths, methods, error bodies.
 *
 * @module
 */
import type { Core } from "../core.ts";
import { authenticate } from "../credentials.ts";
import { TwilioFault } from "../errors.ts";
import { notFound, readForm, type Route } from "./call.ts";
import { failure, noContent } from "./responses.ts";

/**
 * Answers a request below `/v1`. Never rejects: what goes wrong becomes an
 * error body of Twilio's shape.
 *
 * @param path Below the emulator's mount, starting with `/v1`. Paths are
 * case-sensitive, as Twilio's.
 */
export async function answerRest(
  request: Request,
  path: string,
  core: Core,
  routes: readonly Route[],
): Promise<Response> {
  try {
    return await route(request, path, core, routes);
  } catch (error) {
    if (error instanceof TwilioFault) return failure(error);
    core.settings.log(`${request.method} ${path} failed: ${error}`);
    return failure(new TwilioFault(20500));
  }
}

async function route(
  request: Request,
  path: string,
  core: Core,
  routes: readonly Route[],
): Promise<Response> {
  const { settings, rooms } = core;
  if (request.method === "OPTIONS") return noContent();
  const authorization = request.headers.get("authorization");
  const caller = authenticate(settings.accounts, authorization);
  if (!caller) throw new TwilioFault(20003);
  const { account, key } = caller;
  if (account.suspended) throw new TwilioFault(20005);
  core.rateLimit.admit(account.accountSid, request.method);

  const url = new URL(request.url);
  const resource = path.replace(/^\/v1/, "").replace(/\/$/, "");
  for (const [pattern, methods] of routes) {
    const params = match(pattern, resource);
    if (!params) continue;
    const handler = methods[request.method as keyof typeof methods];
    if (!handler) throw new TwilioFault(20004);
    const call = {
      account,
      key,
      core,
      rooms,
      url,
      base: `${url.origin}${settings.basePath}/v1`,
      path: resource,
      form: request.method === "POST"
        ? await readForm(request)
        : new URLSearchParams(),
    };
    return await handler(call, ...params);
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
