import { AppError } from "@/lib/errors.ts";
import {
  CODES,
  refuse,
  type Rest,
  TIMEOUT_MS,
  unless,
} from "@/lib/video/twilio_client.ts";

/** All that a browser needs to know of the file; where it lies is nobody's business. */
const PASSED_ON = [
  "content-type",
  "content-length",
  "content-range",
  "accept-ranges",
];

/**
 * Streams the media of a recording or composition, or answers null if there
 * is none. Twilio answers with a
 * signed address that expires, which is followed without the credentials
 * (Twilio docs, "Get media subresource").
 *
 * @param resource Its path below `/v1/`.
 * @param range The browser's `Range` header.
 * @param signal Ends the stream.
 */
export async function fetchMedia(
  rest: Rest,
  resource: string,
  range: string | null,
  signal?: AbortSignal,
): Promise<Response | null> {
  const client = await rest();
  const answer = await client.request({
    method: "get",
    uri: `${client.video.baseUrl}/v1/${resource}/Media`,
  }).catch((error) => {
    unless(CODES.NOT_FOUND)(error);
    return null;
  });
  if (answer === null) return null;
  const response = await open(answer.body.redirect_to, range, signal);
  if (![200, 206, 416].includes(response.status)) {
    await response.body?.cancel();
    throw new AppError(
      "video_unavailable",
      `The store of recordings answered ${response.status}`,
    );
  }
  const headers = new Headers();
  for (const name of PASSED_ON) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}

/** The time limit is for the answer's first byte; a long film may take long. */
async function open(
  url: string,
  range: string | null,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), TIMEOUT_MS);
  try {
    return await fetch(url, {
      headers: range === null ? {} : { range },
      signal: AbortSignal.any([tooLong.signal, ...(signal ? [signal] : [])]),
    });
  } catch (error) {
    return refuse(error);
  } finally {
    clearTimeout(timer);
  }
}
