/**
 * A file over HTTP, also in parts: players fetch the part they jump to
 * (RFC 9110, section 14).
 *
 * @module
 */

/** Answers GET and HEAD with a file, or the part of it that is asked for. */
export async function serveFile(
  request: Request,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const file = await open(path);
  if (!file) return new Response("Not found\n", { status: 404 });
  const { size } = await file.stat();
  const range = parseRange(request.headers.get("range"), size);
  if (range === "unsatisfiable") {
    file.close();
    return new Response(null, {
      status: 416,
      headers: { "content-range": `bytes */${size}` },
    });
  }
  const [start, end] = range ?? [0, size - 1];
  const all = {
    ...headers,
    "accept-ranges": "bytes",
    "content-length": String(end - start + 1),
    ...(range ? { "content-range": `bytes ${start}-${end}/${size}` } : {}),
  };
  const status = range ? 206 : 200;
  if (request.method === "HEAD") {
    file.close();
    return new Response(null, { status, headers: all });
  }
  await file.seek(start, Deno.SeekMode.Start);
  const body = file.readable.pipeThrough(atMost(end - start + 1));
  return new Response(body, { status, headers: all });
}

/**
 * The first and last byte a `Range` header asks for; `null` for the whole
 * file, as also for several ranges, which a server may ignore.
 */
export function parseRange(
  header: string | null,
  size: number,
): readonly [number, number] | "unsatisfiable" | null {
  const [, first = "", last = ""] =
    header?.match(/^bytes=(\d{0,15})-(\d{0,15})$/) ?? [];
  if (!first && !last) return null;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  if (first && last && Number(last) < start) return null;
  return start < size && end >= start ? [start, end] : "unsatisfiable";
}

async function open(path: string): Promise<Deno.FsFile | null> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Ends a stream after so many bytes; the source is then cancelled, and closed. */
function atMost(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let rest = bytes;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, rest));
      rest -= chunk.length;
      if (rest <= 0) controller.terminate();
    },
  });
}
