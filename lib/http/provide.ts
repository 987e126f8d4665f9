import type { Config } from "@/lib/config.ts";
import { define } from "@/lib/define.ts";
import { clientOf } from "@/lib/http/client.ts";
import { readSignInCookie, readTimeZoneCookie } from "@/lib/http/cookies.ts";
import type { Services } from "@/lib/services.ts";
import { findCaller } from "@/lib/sign_in/service.ts";

/** Fills the state that everything else relies on, error pages included; nothing here can fail. */
export function provide(services: Services, config: Config) {
  return define.middleware((ctx) => {
    ctx.state.services = services;
    ctx.state.config = config;
    ctx.state.client = clientOf(ctx.req, ctx.info, config);
    ctx.state.caller = null;
    ctx.state.timeZone = timeZoneOf(ctx.req);
    return ctx.next();
  });
}

/** Finds out who is signed in. */
export const identify = define.middleware(async (ctx) => {
  const { services, config, client } = ctx.state;
  const cookieValue = readSignInCookie(config, ctx.req);
  if (cookieValue !== null) {
    ctx.state.caller = await findCaller(services, client, cookieValue);
  }
  return await ctx.next();
});

/** Where the server stands; asked once, because asking is slow. */
const SERVER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The visitor's zone in its canonical spelling, if the browser noted a real one; else the server's. */
function timeZoneOf(request: Request): string {
  const noted = readTimeZoneCookie(request);
  return (noted === null ? null : canonicalTimeZone(noted)) ??
    SERVER_ZONE;
}

function canonicalTimeZone(name: string): string | null {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name })
      .resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
