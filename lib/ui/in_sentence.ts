/** "Today 14:30" as it stands in the middle of a sentence. Weekdays keep their capital. */
export function inSentence(when: string): string {
  return /^(Today|Tomorrow|Yesterday)/.test(when)
    ? when.charAt(0).toLowerCase() + when.slice(1)
    : when;
}
