import { useEffect, useRef, useState } from "preact/hooks";
import { isVisible, TEXT_MAX, tidyText } from "@/lib/messages/text.ts";
import type { LiveThread } from "@/lib/messages_client.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Composer } from "@/lib/ui/messages/Composer.tsx";
import { arrivedWords } from "@/lib/ui/messages/message_words.ts";
import { MessageLog } from "@/lib/ui/messages/MessageLog.tsx";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";

/** What `Conversation` takes. */
export interface ConversationProps {
  thread: LiveThread;
  mine: Seat;
  /** What the other is called in a sentence. */
  other: string;
  timeZone: string;
  now: string;
  /** On a page of its own, or in a box that scrolls by itself. */
  place: "page" | "panel";
  /** For the form without scripts. */
  idempotencyKey?: string;
  /** Why the form was refused. */
  problem?: string | null;
  /** Whether the newest messages are among these. */
  isNewest?: boolean;
}

/** A visit's messages and the field to write the next one. */
export function Conversation(props: ConversationProps) {
  const { thread, mine, other, timeZone, now, place } = props;
  const { state } = thread;
  const isNewest = props.isNewest ?? true;
  const field = useRef<HTMLTextAreaElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const begun = useRef(thread.draft);
  const [problem, setProblem] = useState(props.problem ?? null);
  const [below, setBelow] = useState(false);
  const [earlierFailed, setEarlierFailed] = useState(false);

  const toEnd = () => end.current?.scrollIntoView({ block: "nearest" });
  const look = () => {
    if (atEnd.current && document.visibilityState === "visible" && isNewest) {
      thread.markSeen();
    }
  };

  useEffect(() => {
    toEnd();
    const observer = new IntersectionObserver(([entry]) => {
      atEnd.current = entry!.isIntersecting;
      if (atEnd.current) setBelow(false);
      look();
    });
    observer.observe(end.current!);
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, []);

  const newest = state.messages.at(-1)?.id;
  const sending = state.outgoing.length;
  useEffect(() => {
    if (atEnd.current) toEnd();
    else if (state.arrived.length > 0) setBelow(true);
    look();
  }, [newest, sending]);

  function send(): void {
    const text = tidyText(field.current!.value);
    field.current!.focus();
    if (!isVisible(text)) return setProblem("Write something first.");
    if (text.length > TEXT_MAX) {
      return setProblem(
        `This text has ${text.length} characters. ${TEXT_MAX} are possible.`,
      );
    }
    setProblem(null);
    write("");
    // What one writes oneself one wants to see.
    atEnd.current = true;
    thread.send(text);
  }

  function write(text: string): void {
    field.current!.value = text;
    thread.draft = text;
  }

  function edit(key: string): void {
    const unsent = thread.takeBack(key);
    // What has been written meanwhile stays.
    write(
      [unsent, field.current!.value].filter((text) => text !== "")
        .join("\n"),
    );
    field.current!.focus();
  }

  async function loadEarlier(event: Event): Promise<void> {
    event.preventDefault();
    const first = document.querySelector<HTMLElement>("[data-message-id]");
    const before = first?.getBoundingClientRect().top ?? 0;
    try {
      await thread.loadEarlier();
      setEarlierFailed(false);
    } catch {
      return setEarlierFailed(true);
    }
    // What one was reading stays where it was.
    requestAnimationFrame(() => {
      if (first === null) return;
      const moved = first.getBoundingClientRect().top - before;
      const box = first.closest("[data-scrolls]") ?? document.documentElement;
      box.scrollTop += moved;
    });
  }

  const inPanel = place === "panel";
  return (
    <div class={inPanel ? "flex flex-col min-h-0 flex-1" : ""}>
      <div
        class={inPanel ? "flex-1 overflow-y-auto px-4 py-4" : "py-4"}
        data-scrolls={inPanel ? "" : undefined}
        role="region"
        aria-label={`Messages with ${other}`}
        tabIndex={inPanel ? 0 : undefined}
      >
        {state.next !== null && (
          <p class="mb-4 text-center">
            <a
              class="txt-tap"
              href={`?cursor=${state.next}`}
              onClick={loadEarlier}
            >
              Earlier messages
            </a>
            {earlierFailed && (
              <span class="block text-fail-ink" role="alert">
                They did not arrive. Check your connection and try again.
              </span>
            )}
          </p>
        )}
        {state.messages.length === 0 && sending === 0 && (
          <p class="text-muted text-center py-6">
            No messages yet.
          </p>
        )}
        <MessageLog
          state={state}
          mine={mine}
          timeZone={timeZone}
          now={now}
          heading={inPanel ? "h3" : "h2"}
          onRetry={(key) => thread.retry(key)}
          onEdit={edit}
        />
        <div ref={end} id="latest" class="h-px scroll-mb-36" />
      </div>
      <p class="sr-only" role="status">{arrivedWords(state.arrived)}</p>
      <div
        class={inPanel
          ? "border-t border-hem px-4 py-3"
          : "sticky bottom-0 bg-base-200 border-t border-hem py-3"}
      >
        {below && (
          <p class="mb-2 text-center">
            <button type="button" class="btn btn-quiet" onClick={toEnd}>
              <Icon name="chevron-down" />
              New messages below
            </button>
          </p>
        )}
        {!isNewest
          ? (
            <p>
              <a class="txt-tap" href="?#latest">Newest messages</a>
            </p>
          )
          : state.canWrite
          ? (
            <Composer
              other={other}
              text={begun.current}
              problem={problem}
              idempotencyKey={props.idempotencyKey}
              field={field}
              onText={(text) => {
                thread.draft = text;
                if (problem !== null) setProblem(null);
              }}
              onSend={send}
            />
          )
          : <Closed draft={thread.draft} />}
      </div>
    </div>
  );
}

/** Nothing can be written any more. What was being written is not thrown away. */
function Closed({ draft }: { draft: string }) {
  return (
    <>
      <div class="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <StatusPill status="CLOSED" />
        <p>
          The visit is closed. Its messages stay readable; nothing can be added.
        </p>
      </div>
      {draft !== "" && (
        <div class="mt-3" role="alert">
          <p class="font-semibold">Not sent:</p>
          <p class="mt-1 whitespace-pre-wrap break-words" dir="auto">{draft}</p>
        </div>
      )}
    </>
  );
}
