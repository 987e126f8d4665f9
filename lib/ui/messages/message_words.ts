import type { MessageView } from "@/lib/messages/view.ts";

/** "1 new message", "3 new messages". */
export function unreadWords(unread: number): string {
  return `${unread} new message${unread === 1 ? "" : "s"}`;
}

/** What has just arrived, to be read aloud. */
export function arrivedWords(arrived: readonly MessageView[]): string {
  return arrived.map(({ from, text }) => `${from.name} wrote: ${text}`)
    .join(" ");
}

const EXCERPT_MAX = 120;

/** The beginning of a text, in one line. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  const characters = [...line];
  return characters.length <= EXCERPT_MAX
    ? line
    : `${characters.slice(0, EXCERPT_MAX - 1).join("").trimEnd()}…`;
}

/** Where the messages of a visit are, at the newest, for each side. */
export function messagesHref(
  visitId: string,
  role: "doctor" | "patient",
): string {
  return role === "doctor"
    ? `/visits/${visitId}/messages#latest`
    : `/patient-portal/messages/${visitId}#latest`;
}
