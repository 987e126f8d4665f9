import { parseCookie, stringifySetCookie } from "cookie";
import type { Config } from "@/lib/config.ts";

/** Over https the prefix makes browsers refuse the cookie for other paths, hosts and plain http (RFC 6265bis). */
const NAMES = { secure: "__Host-bedside", plain: "bedside" };

const nameFor = (isSecure: boolean) => isSecure ? NAMES.secure : NAMES.plain;

/** The `Set-Cookie` value that keeps a browser signed in. */
export function signInCookie(
  config: Config,
  cookieValue: string,
  expiresAt: Date,
): string {
  return setCookie(config, cookieValue, expiresAt);
}

/** The `Set-Cookie` value that makes a browser forget its sign-in. */
export function clearedSignInCookie(config: Config): string {
  return setCookie(config, "", new Date(0));
}

/** The sign-in cookie's value in a request, or null. */
export function readSignInCookie(
  config: Config,
  request: Request,
): string | null {
  return readCookies(request)[nameFor(isSecure(config))] ?? null;
}

/** The zone that the sign-in page noted in this browser, or null; see `static/time_zone.js`. */
export function readTimeZoneCookie(request: Request): string | null {
  return readCookies(request)["time_zone"] ?? null;
}

/** Whether browsers reach the app over https. */
export function isSecure({ publicBaseUrl }: Config): boolean {
  return publicBaseUrl?.startsWith("https:") ?? false;
}

function readCookies(request: Request): Record<string, string | undefined> {
  return parseCookie(request.headers.get("cookie") ?? "");
}

function setCookie(config: Config, value: string, expires: Date): string {
  const secure = isSecure(config);
  return stringifySetCookie({
    name: nameFor(secure),
    value,
    expires,
    httpOnly: true,
    path: "/",
    sameSite: "lax",
    secure,
  });
}
