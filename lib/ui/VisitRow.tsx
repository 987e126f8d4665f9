import { Icon } from "@/lib/ui/Icon.tsx";
import { messagesHref, unreadWords } from "@/lib/ui/messages/message_words.ts";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import type { VisitLine } from "@/lib/ui/visit_agenda.ts";

/** A visit in the agenda: time first; the whole row leads to the visit. */
export function VisitRow(
  { line, unread }: { line: VisitLine; unread: number },
) {
  const { visit, href, at, time, when, more, waitingSince } = line;
  const waits = waitingSince !== null;
  return (
    <li class="relative hover:bg-base-200/60" data-visit-id={visit.id}>
      <div class="ag">
        <div class="flex md:block items-baseline gap-3">
          <time class="ag-time block" dateTime={at}>{time}</time>
          <span class="ag-rel">{when}</span>
        </div>
        <div class="min-w-0">
          <h2 class="text-lg">
            <a
              class="after:absolute after:inset-0 hover:underline underline-offset-4"
              href={href}
            >
              {visit.patient.name}
            </a>
          </h2>
          <p class="mt-0.5">{visit.reason}</p>
          <p
            class={`mt-1.5 inline-flex items-center gap-2 ${
              waits ? "text-wait-ink font-semibold" : "text-muted"
            }`}
          >
            <Icon name={waits ? "hourglass" : "video"} class="size-4.5" />
            {more}
          </p>
          {unread > 0 && (
            <p>
              <a
                class="txt-tap relative"
                href={messagesHref(visit.id, "doctor")}
              >
                <Icon name="message-square" class="size-4.5" />
                {unreadWords(unread)}
              </a>
            </p>
          )}
        </div>
        <div class="flex items-center gap-3">
          <StatusPill status={visit.status} />
          <Icon
            name="chevron-right"
            class="size-5 text-muted hidden md:block rtl:-scale-x-100"
          />
        </div>
      </div>
    </li>
  );
}
