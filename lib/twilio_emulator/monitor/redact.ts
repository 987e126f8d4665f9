/**
 * Signalling messages as people may see them: without secrets, and without
 * the parts that nobody reads.
 *
 * @module
 */

/** Longest text of a message. */
const MAX_TEXT = 4000;

/** Whoever has one of these can act as somebody else. */
const SECRETS = new Set(["token", "session", "cookie", "credential"]);

/** A frame or message as short text, in JSON. */
export function redactedText(value: unknown): string {
  const text = JSON.stringify(redact(value));
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** The same value with secrets replaced, and session descriptions and ICE candidates counted. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, redactKey(key, inner)]),
  );
}

function redactKey(key: string, value: unknown): unknown {
  if (SECRETS.has(key) && value !== null) return "[secret]";
  if (key === "sdp" && typeof value === "string") {
    return `[${value.length} characters]`;
  }
  if (key === "candidates" && Array.isArray(value)) {
    return `[${value.length} candidates]`;
  }
  return redact(value);
}
