import type { ComponentChildren } from "preact";
import type { MessageView } from "@/lib/messages/view.ts";
import type { Outgoing, ThreadState } from "@/lib/messages/thread_state.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { byDay } from "@/lib/ui/messages/days.ts";
import { clock } from "@/lib/ui/times.ts";

/** What `MessageLog` takes. */
export interface MessageLogProps {
  state: ThreadState;
  /** One's own side: those messages stand at the end of the line. */
  mine: Seat;
  timeZone: string;
  now: string;
  /** What the days are headed with, as the page's outline needs it. */
  heading: "h2" | "h3";
  onRetry(key: string): void;
  onEdit(key: string): void;
}

/** Who wrote what, day by day. Text is text: nothing in it becomes markup or a link. */
export function MessageLog(props: MessageLogProps) {
  const { state, mine, timeZone, now, heading: Heading } = props;
  const { messages, outgoing, seenUpTo } = state;
  const own = messages.findLast(({ seat }) => seat === mine);
  const isSeen = own !== undefined && seenUpTo !== null && own.id <= seenUpTo;
  return (
    <>
      {byDay(messages, timeZone, now).map((day) => (
        <section key={day.messages[0]!.id} class="mt-4 first:mt-0">
          <Heading class="text-base! text-center text-muted">
            {day.label}
          </Heading>
          <ol class="mt-3 grid gap-2.5">
            {day.messages.map((message) => (
              <Bubble
                key={message.id}
                message={message}
                mine={mine}
                timeZone={timeZone}
                isSeen={isSeen && message === own}
              />
            ))}
          </ol>
        </section>
      ))}
      {outgoing.length > 0 && (
        <ul class="mt-2.5 grid gap-2.5" aria-label="Not sent yet">
          {outgoing.map((each) => (
            <Unsent
              key={each.key}
              outgoing={each}
              onRetry={props.onRetry}
              onEdit={props.onEdit}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function Bubble({ message, mine, timeZone, isSeen }: {
  message: MessageView;
  mine: Seat;
  timeZone: string;
  isSeen: boolean;
}) {
  const { id, seat, from, text, sent_at } = message;
  const isOwn = seat === mine;
  return (
    <li class={isOwn ? "msg msg-own" : "msg"} data-message-id={id}>
      <p class="msg-by">
        {isOwn ? "You" : from.name},{" "}
        <time dateTime={sent_at}>{clock(sent_at, timeZone)}</time>
      </p>
      <Text>{text}</Text>
      {isSeen && (
        <p class="msg-by flex items-center gap-1.5">
          <Icon name="check" class="size-4.5" />
          Seen
        </p>
      )}
    </li>
  );
}

/** A message of one's own that the server does not have. */
function Unsent({ outgoing, onRetry, onEdit }: {
  outgoing: Outgoing;
  onRetry: (key: string) => void;
  onEdit: (key: string) => void;
}) {
  const { key, text, problem } = outgoing;
  return (
    <li class="msg msg-own">
      <Text>{text}</Text>
      {problem === null ? <p class="msg-by">Sending…</p> : (
        <>
          <p class="msg-problem" role="alert">
            <Icon name="circle-alert" />
            <span>
              <strong>Not sent.</strong> {problem}
            </span>
          </p>
          <p class="mt-2 flex flex-wrap gap-2">
            <button
              type="button"
              class="btn btn-quiet"
              onClick={() => onRetry(key)}
            >
              <Icon name="refresh-cw" />
              Retry
            </button>
            <button
              type="button"
              class="btn btn-quiet"
              onClick={() => onEdit(key)}
            >
              <Icon name="pencil" />
              Edit
            </button>
          </p>
        </>
      )}
    </li>
  );
}

/** As it was written; each in the direction of its own script. */
function Text({ children }: { children: ComponentChildren }) {
  return <p class="whitespace-pre-wrap break-words" dir="auto">{children}</p>;
}
