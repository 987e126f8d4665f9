/**
 * The emulator's own pages are plain files beside the code that answers them.
 *
 * @module
 */

/**
 * Answers with a file of such a page, which may load its own only.
 *
 * @param type Its media type; the text is UTF-8.
 * @param policy More of its Content-Security-Policy, such as `media-src 'self'`.
 */
export async function servePageFile(
  file: URL,
  type: string,
  policy: readonly string[] = [],
): Promise<Response> {
  return new Response(await Deno.readTextFile(file), {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-cache",
      "content-security-policy": [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        ...policy,
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join("; "),
      "x-content-type-options": "nosniff",
    },
  });
}
