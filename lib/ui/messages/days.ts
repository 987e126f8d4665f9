import type { MessageView } from "@/lib/messages/view.ts";
import { day } from "@/lib/ui/times.ts";

/** The messages of one day. */
export interface Day {
  /** "Today", "Thursday 26 November". */
  label: string;
  messages: MessageView[];
}

/** The messages day by day, as the reader's calendar has them. */
export function byDay(
  messages: readonly MessageView[],
  timeZone: string,
  now: string,
): Day[] {
  const days: Day[] = [];
  for (const message of messages) {
    const label = day(message.sent_at, timeZone, now);
    const last = days.at(-1);
    if (last?.label === label) last.messages.push(message);
    else days.push({ label, messages: [message] });
  }
  return days;
}
