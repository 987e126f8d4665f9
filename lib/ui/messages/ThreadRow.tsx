import { inSentence } from "@/lib/ui/in_sentence.ts";
import type { MessageView } from "@/lib/messages/view.ts";
import { Face } from "@/lib/ui/Face.tsx";
import {
  excerpt,
  messagesHref,
  unreadWords,
} from "@/lib/ui/messages/message_words.ts";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { moment } from "@/lib/ui/times.ts";
import type { VisitView } from "@/lib/visits/view.ts";

/** A visit in the patient's list of messages. */
export interface ThreadRowLine {
  visit: VisitView;
  /** The newest message, or null. */
  last: MessageView | null;
  unread: number;
}

/** A visit in the patient's list of messages; the whole row leads there. */
export function ThreadRow({ line, timeZone, now }: {
  line: ThreadRowLine;
  timeZone: string;
  now: string;
}) {
  const { visit, last, unread } = line;
  return (
    <li
      class="relative flex gap-4 p-5 sm:px-6 hover:bg-base-200/60"
      data-visit-id={visit.id}
    >
      <Face name={visit.doctor.name} class="size-11" />
      <div class="min-w-0 grow">
        <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 class="text-lg">
            <a
              class="after:absolute after:inset-0 hover:underline underline-offset-4"
              href={messagesHref(visit.id, "patient")}
            >
              {visit.doctor.name}
            </a>
          </h2>
          {visit.status === "CLOSED" && <StatusPill status="CLOSED" />}
          {unread > 0 && <p class="st st-wait">{unreadWords(unread)}</p>}
        </div>
        <p class="text-muted">{visit.reason}</p>
        {last !== null && (
          <>
            <p class="mt-2 break-words" dir="auto">{excerpt(last.text)}</p>
            <p class="text-muted num">
              {last.seat === "patient" ? "You" : last.from.name},{" "}
              <time dateTime={last.sent_at}>
                {inSentence(moment(last.sent_at, timeZone, now))}
              </time>
            </p>
          </>
        )}
      </div>
    </li>
  );
}
