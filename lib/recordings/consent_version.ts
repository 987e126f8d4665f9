/** Every version of the text that people were ever asked with; see `consent_text.ts`. */
export const CONSENT_VERSIONS = ["2026-11"] as const;

/** A text that answers may name. */
export type ConsentVersion = typeof CONSENT_VERSIONS[number];

/** The text that people are asked with now. */
export const CONSENT_VERSION: ConsentVersion = "2026-11";
