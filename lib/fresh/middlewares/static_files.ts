import { INTERNALS } from "../internals.ts";
import { decode } from "../router.ts";
import { CACHE_KEY } from "../shared/asset.ts";
import type { Encoding, Snapshot, StaticFile } from "../snapshot.ts";
import type { Middleware } from "../types.ts";

/** The folder of the scripts of a release; its last segment is the build id. */
export const SCRIPTS_PATH = "/_fresh/js/";

const REVALIDATE = "no-cache, no-store, max-age=0, must-revalidate";
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * Serves the files of the static folders and the scripts of islands; passes on every other path.
 *
 * An address that names the running release may be cached for ever. One that names another release is redirected to the
 * address without it, so a stale page never stores a new file under an old name.
 */
export function staticFiles<State = unknown>(): Middleware<State> {
  return async (ctx) => {
    const { snapshot } = ctx[INTERNALS];
    const file = snapshot?.files.get(decode(ctx.url.pathname));
    if (snapshot === null || file === undefined) return await ctx.next();
    const { method, headers } = ctx.req;
    if (method !== "GET" && method !== "HEAD") {
      return new Response("Method Not Allowed", {
        status: 405,
        headers: { allow: "GET, HEAD" },
      });
    }

    const release = ctx.url.searchParams.get(CACHE_KEY);
    if (release !== null && release !== snapshot.buildId) {
      const current = new URL(ctx.url);
      current.searchParams.delete(CACHE_KEY);
      return new Response(null, {
        status: 307,
        headers: { location: current.pathname + current.search },
      });
    }

    const responseHeaders = new Headers({
      "cache-control": cacheControl(snapshot, ctx.url.pathname, release),
      "content-type": file.type,
      vary: "If-None-Match",
    });
    const etag = `W/"${file.hash}"`;
    if (headers.get("if-none-match") === etag) {
      return new Response(null, { status: 304, headers: responseHeaders });
    }
    responseHeaders.set("etag", etag);
    return await content(file, ctx.req, responseHeaders);
  };
}

async function content(
  file: StaticFile,
  req: Request,
  headers: Headers,
): Promise<Response> {
  const encoding = chooseEncoding(file, req.headers.get("accept-encoding"));
  if (file.encodings.length > 0) headers.append("vary", "Accept-Encoding");
  if (encoding !== null) headers.set("content-encoding", encoding);
  const body = await file.read(encoding);
  headers.set("content-length", String(body.byteLength));
  return new Response(req.method === "HEAD" ? null : body, { headers });
}

function cacheControl(
  snapshot: Snapshot,
  pathname: string,
  release: string | null,
): string {
  const fixed = release !== null ||
    pathname.startsWith(`${SCRIPTS_PATH}${snapshot.buildId}/`);
  return fixed && snapshot.mode === "production" ? FOR_EVER : REVALIDATE;
}

/** The first stored encoding the client takes; `q=0` means it does not. */
function chooseEncoding(
  { encodings }: StaticFile,
  accepted: string | null,
): Encoding | null {
  if (accepted === null || encodings.length === 0) return null;
  const offers = accepted.toLowerCase().split(",").map((offer) => offer.trim())
    .filter((offer) => !/;\s*q=0(\.0*)?$/.test(offer))
    .map((offer) => offer.split(";", 1)[0]);
  return encodings.find((encoding) => offers.includes(encoding)) ?? null;
}
