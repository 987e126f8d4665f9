const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * Whether this can be the id of a record: a ULID in its canonical spelling.
 * Anything else is never looked up, so that no text from outside becomes a key.
 */
export function isRecordId(id: string): boolean {
  return ULID.test(id);
}
