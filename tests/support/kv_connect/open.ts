import { ACCESS_TOKEN } from "./server.ts";

/**
 * Opens what a server serves, with Deno's own client. The client reads its
 * token from the environment, which is as it was before afterwards.
 */
export async function openKvConnect(
  url: string,
  accessToken = ACCESS_TOKEN,
): Promise<Deno.Kv> {
  const before = Deno.env.get("DENO_KV_ACCESS_TOKEN");
  Deno.env.set("DENO_KV_ACCESS_TOKEN", accessToken);
  try {
    return await Deno.openKv(url);
  } finally {
    if (before === undefined) Deno.env.delete("DENO_KV_ACCESS_TOKEN");
    else Deno.env.set("DENO_KV_ACCESS_TOKEN", before);
  }
}
