import { Icon } from "@/lib/ui/Icon.tsx";
import type { HistoryLine } from "@/lib/ui/history_words.ts";
import { clockWithSeconds, shortDate } from "@/lib/ui/times.ts";

/** What `HistoryThread` takes. */
export interface HistoryThreadProps {
  lines: HistoryLine[];
  timeZone: string;
  now: string;
}

/** What happened, oldest first. The date is told where it changes. */
export function HistoryThread({ lines, timeZone, now }: HistoryThreadProps) {
  const dates = lines.map(({ at }) => shortDate(at, timeZone, now));
  return (
    <ol class="thread">
      {lines.map(({ icon, fact, by, at }, index) => (
        <li key={index}>
          <span class="thread-ico bg-base-100 border border-hem">
            <Icon name={icon} />
          </span>
          <div class="flex flex-wrap justify-between gap-x-4 pt-0.5">
            <p class="font-semibold">{fact}</p>
            <time class="text-muted" dateTime={at}>
              {dates[index] === dates[index - 1] ? "" : `${dates[index]}, `}
              {clockWithSeconds(at, timeZone)}
            </time>
          </div>
          {by !== "" && <p class="text-muted">{by}</p>}
        </li>
      ))}
    </ol>
  );
}
