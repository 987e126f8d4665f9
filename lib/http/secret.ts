/**
 * A JSON answer with a secret in it, such as an access token: nobody on the
 * way keeps it, and neither does the storage for an `Idempotency-Key` (see
 * `mayKeep`); the same request again is carried out again.
 */
export function secretJson(body: unknown): Response {
  return Response.json(body, { headers: { "cache-control": "no-store" } });
}
