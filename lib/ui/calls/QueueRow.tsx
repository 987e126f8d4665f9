import type { CallView, GoneView } from "@/lib/calls/view.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";
import {
  goneWords,
  MODES,
  secondsLeft,
  URGENCIES,
} from "@/lib/ui/queue_words.ts";
import { stopwatch } from "@/lib/ui/stopwatch.ts";
import { languageName, specialtyName } from "@/lib/ui/skill_words.ts";

/** What a doctor does with a request. */
export type QueueCommand = "accept" | "decline";

/** What `QueueRow` takes. */
export interface QueueRowProps {
  call: CallView;
  /** Why it has left the queue; null: it waits. */
  gone: GoneView | null;
  /** The server's clock, in ms since 1970. */
  nowMs: number;
  /** Whether this is the row to act on first: the one button that is filled. */
  first: boolean;
  /** The doctor is in a session and can take nobody. */
  isBusy: boolean;
  /** What is under way with this request: until it is done another press is to be ignored. */
  pressed: QueueCommand | undefined;
}

/** One waiting patient: how long already, who, why and how; and what to do. */
export function QueueRow(
  { call, gone, nowMs, first, isBusy, pressed }: QueueRowProps,
) {
  const { id, patient, reason, mode, urgency, language, specialty } = call;
  const waited = (nowMs - Date.parse(call.created_at)) / 1000;
  const isOffered = call.offer !== null && gone === null;
  return (
    <li
      class={`p-5 sm:px-6 ${gone === null ? "" : "text-muted"}`}
      data-call-id={id}
    >
      <div class="grid gap-x-6 gap-y-3 md:grid-cols-[8rem_minmax(0,1fr)_auto] items-start">
        <div class="flex md:block gap-3 items-baseline">
          <p class="text-2xl font-semibold num">
            <span class="sr-only">Waiting</span> {stopwatch(waited)}
          </p>
          <p
            class={urgency === "urgent" && gone === null
              ? "text-wait-ink font-semibold"
              : "text-muted"}
          >
            {URGENCIES[urgency]}
          </p>
        </div>
        <div class="min-w-0">
          <h3 id={`call-${id}`} tabIndex={-1}>{patient.name}</h3>
          <p class={reason === "" ? "mt-0.5 text-muted" : "mt-0.5"}>
            {reason === "" ? "No reason given" : reason}
          </p>
          <ul class="mt-2.5 flex flex-wrap gap-x-5 gap-y-1.5 text-muted">
            <Fact icon={MODES[mode].icon}>{MODES[mode].word}</Fact>
            {specialty !== null && (
              <Fact icon="stethoscope">{specialtyName(specialty)}</Fact>
            )}
            {language !== null && (
              <Fact icon="languages">{languageName(language)}</Fact>
            )}
          </ul>
          {call.away && gone === null && (
            <p class="mt-2.5">
              Away from the page right now. The place in line is kept.
            </p>
          )}
          {isOffered && (
            <p class="mt-3 inline-flex items-center gap-2 font-semibold">
              <Icon name="bell" />
              {`Offered to you for ${
                secondsLeft(call.offer!.until, nowMs)
              } more seconds`}
            </p>
          )}
        </div>
        {gone !== null && (
          <p class="min-h-11 grid items-center font-semibold md:w-36">
            {goneWords(gone)}
          </p>
        )}
        {!isBusy && gone === null && (
          <div class="flex md:flex-col gap-3 [&>*]:flex-1 md:[&>*]:flex-none md:min-w-36">
            <CommandButton
              call={call}
              command="accept"
              pressed={pressed}
              look={first ? "btn-primary" : "btn-quiet"}
            />
            {isOffered && (
              <CommandButton
                call={call}
                command="decline"
                pressed={pressed}
                look="btn-ghost"
              />
            )}
          </div>
        )}
      </div>
    </li>
  );
}

const WORDS: Record<QueueCommand, { rest: string; busy: string }> = {
  accept: { rest: "Accept", busy: "Accepting…" },
  decline: { rest: "Pass", busy: "Passing…" },
};

/** A command as a form; an island may answer it on the spot. */
function CommandButton(
  { call: { id }, command, pressed, look }: {
    call: CallView;
    command: QueueCommand;
    pressed: QueueCommand | undefined;
    look: string;
  },
) {
  const { rest, busy } = WORDS[command];
  return (
    <form method="post" action={`/calls/${id}/${command}`} data-call={command}>
      <button
        type="submit"
        class={`btn btn-block ${look} aria-disabled:opacity-60 aria-disabled:cursor-default`}
        aria-disabled={pressed === undefined ? undefined : "true"}
        aria-describedby={`call-${id}`}
      >
        {pressed === command ? busy : rest}
      </button>
    </form>
  );
}

function Fact({ icon, children }: { icon: IconName; children: string }) {
  return (
    <li class="inline-flex items-center gap-2">
      <Icon name={icon} class="size-4.5" />
      {children}
    </li>
  );
}
