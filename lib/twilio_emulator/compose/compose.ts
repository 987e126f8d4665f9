/**
 * The page that renders compositions, and what it asks of the emulator:
 *
 * - `GET /compose`: the page, which works until it is closed.
 * - `POST /compose`: the next composition that waits; 204: none.
 * - `POST /compose/CJ…?key=…&seconds=…`: so much is rendered.
 * - `PUT /compose/CJ…?key=…`: the file.
 * - `DELETE /compose/CJ…?key=…&reason=…`: it cannot be rendered.
 *
 * @module
 */
import type { MediaLinks } from "../media/links.ts";
import { servePageFile } from "../page_file.ts";
import { json } from "../rest/responses.ts";
import type { Rendering, Renderings, UploadResult } from "./renderings.ts";

/** Files of the page, by path below the mount. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/compose": ["page.html", "text/html"],
  "/compose/page.css": ["page.css", "text/css"],
  "/compose/page.js": ["page.js", "text/javascript"],
};

/** Seconds beyond its length that the files of a composition can be fetched. */
const MEDIA_SECONDS = 600;

const MAX_REASON = 200;

const STATUS: Readonly<Record<UploadResult, number>> = {
  completed: 204,
  "cut off": 409,
  "too large": 413,
  unreadable: 422,
};

/**
 * Answers a request of the page; `null` when the path is another one.
 *
 * @param path Below the emulator's mount.
 */
export function answerCompose(
  request: Request,
  path: string,
  renderings: Renderings,
  links: MediaLinks,
): Response | Promise<Response> | null {
  const { method } = request;
  const [file, type] = FILES[path] ?? [];
  if (method === "GET" && file && type) {
    const url = new URL(file, import.meta.url);
    return servePageFile(url, type, ["media-src 'self'"]);
  }
  if (path === "/compose" && method === "POST") {
    // Other sites must not take what waits.
    const site = request.headers.get("sec-fetch-site") ?? "same-origin";
    if (site !== "same-origin") return status(403);
    const taken = renderings.take();
    if (!taken) return status(204);
    return json(viewJob(taken.rendering, taken.key, links));
  }
  const [, sid] = path.match(/^\/compose\/(CJ[0-9a-f]{32})$/) ?? [];
  if (!sid) return null;
  const { searchParams } = new URL(request.url);
  const rendering = renderings.find(sid, searchParams.get("key") ?? "");
  if (!rendering) return status(403);
  switch (method) {
    case "POST":
      renderings.progress(rendering, Number(searchParams.get("seconds")));
      return status(204);
    case "PUT":
      return upload(request, rendering, renderings);
    case "DELETE": {
      const reason = searchParams.get("reason") ?? "";
      renderings.fail(
        rendering,
        `The page could not render it: ${reason.slice(0, MAX_REASON)}`,
      );
      return status(204);
    }
    default:
      return status(405);
  }
}

/** What the page is to render. Addresses are relative to the page. */
function viewJob(
  { composition: { sid }, scene }: Rendering,
  key: string,
  links: MediaLinks,
) {
  const ttl = Math.ceil(scene.seconds) + MEDIA_SECONDS;
  const media = (path: string) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return links.path(name, ttl, "inline").slice(1);
  };
  return {
    ...scene,
    sid,
    url: `compose/${sid}?${new URLSearchParams({ key })}`,
    clips: scene.clips.map(({ path, ...clip }) => ({
      ...clip,
      url: media(path),
    })),
  };
}

async function upload(
  request: Request,
  rendering: Rendering,
  renderings: Renderings,
): Promise<Response> {
  if (!request.body) return status(400);
  return status(STATUS[await renderings.upload(rendering, request.body)]);
}

function status(code: number): Response {
  return new Response(null, { status: code });
}
