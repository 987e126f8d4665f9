/**
 * String identifiers, "SIDs": two letters for the kind of thing and 32 hex
 * digits (https://www.twilio.com/docs/glossary/what-is-a-sid).
 *
 * @module
 */

/** Room, participant session, published track, request id, composition hook, recording, composition. */
export type SidPrefix = "RM" | "PA" | "MT" | "RQ" | "HK" | "RT" | "CJ";

/** A new random SID. */
export function newSid(prefix: SidPrefix): string {
  return prefix + crypto.randomUUID().replaceAll("-", "");
}

/** Whether the text has the form of a SID of this kind, whatever it names. */
export function isSid(prefix: SidPrefix, text: string): boolean {
  return text.startsWith(prefix) && /^[0-9a-fA-F]{32}$/.test(text.slice(2));
}
