/** How long a message may be, in UTF-16 units: what browsers count. */
export const TEXT_MAX = 2000;

/** Characters that no keyboard writes, but that come along when text is copied. Tabs and line breaks stay. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

/** The text as it is kept: line breaks as `\n` (forms send `\r\n`), no control characters, no blanks around it. */
export function tidyText(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").replaceAll(CONTROLS, "").trim();
}

/** Whether there is anything to see in it: a letter, a digit, a sign. */
export function isVisible(text: string): boolean {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);
}
