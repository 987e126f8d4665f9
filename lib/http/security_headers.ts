import { csp } from "fresh";
import type { Config } from "@/lib/config.ts";
import { define } from "@/lib/define.ts";
import { isSecure } from "@/lib/http/cookies.ts";

/** Answers that are not pages need nothing, so they get nothing. */
const POLICY_OF_DATA =
  "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/** The only pages that may use camera and microphone: the call, and waiting for one. */
const CALL_PAGES = /^\/(telemedicine|calls)\/[^/]+\/?$/;

const DEVICES_OFF =
  "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()";
const DEVICES_ON =
  "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), geolocation=()";

/** Where pages may open sockets besides this host: at Twilio's signalling, as its SDK's documentation asks for. */
function socketsOf({ video }: Config): string {
  if (video.service === "twilio") {
    return " wss://global.vss.twilio.com wss://sdkgw.us1.twilio.com";
  }
  if (video.service !== "external_emulator") return "";
  return ` ${new URL(video.baseUrl).origin.replace(/^http/, "ws")}`;
}

/**
 * The policy of pages: everything from here, scripts and styles with the
 * page's nonce, sockets to the video service. The last line of defence
 * against markup that got in.
 */
export function pagePolicy(config: Config) {
  return csp({
    useNonce: true,
    csp: [
      "default-src 'none'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob: mediastream:",
      "worker-src 'self'",
      `connect-src 'self'${socketsOf(config)}`,
      "base-uri 'none'",
      "manifest-src 'self'",
    ],
  });
}

/**
 * The headers that every answer carries, errors included: it stands outermost
 * and nothing throws past it, because `answerErrors` stands within.
 */
export const securityHeaders = define.middleware(async (ctx) => {
  const answer = await ctx.next();
  // A switch of protocols is not an answer that headers could be put on.
  if (answer.status === 101) return answer;
  const { config, client } = ctx.state;
  const headers = new Headers(answer.headers);
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  if (!isPage) headers.set("content-security-policy", POLICY_OF_DATA);
  else if (!isSecure(config)) withoutUpgrade(headers);
  headers.set(
    "permissions-policy",
    CALL_PAGES.test(ctx.url.pathname) ? DEVICES_ON : DEVICES_OFF,
  );
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-content-type-options", "nosniff");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("cross-origin-resource-policy", "same-origin");
  headers.set("x-request-id", client.requestId);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  if (isSecure(config)) {
    headers.set(
      "strict-transport-security",
      "max-age=63072000; includeSubDomains",
    );
  }
  return new Response(answer.body, {
    status: answer.status,
    statusText: answer.statusText,
    headers,
  });
});

/** Over plain http, while developing, upgrading would break every request. */
function withoutUpgrade(headers: Headers): void {
  const policy = headers.get("content-security-policy");
  if (policy === null) return;
  headers.set(
    "content-security-policy",
    policy.replace(/;?\s*upgrade-insecure-requests/, ""),
  );
}
