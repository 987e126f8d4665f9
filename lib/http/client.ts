import { newId } from "@/lib/new_id.ts";
import type { Client } from "@/lib/accounts/account.ts";
import type { Config } from "@/lib/config.ts";

const USER_AGENT_MAX = 300;

/**
 * Where a request comes from. `X-Forwarded-For` counts only as far as our own
 * proxies wrote it: the n-th address from the right for n trusted hops.
 */
export function clientOf(
  request: Request,
  info: { remoteAddr: Deno.Addr },
  { trustedProxyHops }: Config,
): Client {
  return {
    requestId: newId(),
    ip: forwardedIp(request, trustedProxyHops) ?? peerIp(info),
    userAgent: (request.headers.get("user-agent") ?? "").slice(
      0,
      USER_AGENT_MAX,
    ),
  };
}

function forwardedIp(request: Request, hops: number): string | null {
  if (hops === 0) return null;
  const chain = request.headers.get("x-forwarded-for")?.split(",") ?? [];
  return chain.at(-hops)?.trim() || null;
}

function peerIp({ remoteAddr }: { remoteAddr: Deno.Addr }): string {
  return "hostname" in remoteAddr ? remoteAddr.hostname : "local";
}
