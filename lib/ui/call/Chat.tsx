import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Call } from "@/lib/call/call_model.ts";
import type { ChatState } from "@/lib/call/chat_state.ts";
import { calledName, type Me, otherOf, seatOf } from "@/lib/call/people.ts";
import { openThread } from "@/lib/messages_client.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Conversation } from "@/lib/ui/messages/Conversation.tsx";
import { arrivedWords } from "@/lib/ui/messages/message_words.ts";
import { useThread } from "@/lib/ui/messages/use_thread.ts";

/** What `Chat` takes. */
export interface ChatProps {
  call: Call;
  me: Me;
  chat: ChatState;
  /** Where its box stands. */
  class: string;
}

/**
 * The visit's messages within the call page. It listens also while its box is
 * closed, for what the button says. What is written goes to the clinic's own
 * storage; the video service never sees it.
 */
export default function Chat({ call, me, chat, class: place }: ChatProps) {
  const session = call.session.value;
  const mine = seatOf(session, me);
  const other = calledName(session, otherOf(session, me));
  const thread = chat.thread ??= openThread({
    visitId: session.visit_id,
    mine,
    initial: null,
  });
  useThread(thread);
  const { unread, arrived } = thread.state;
  const timeZone = useMemo(
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    [],
  );
  useEffect(() => {
    chat.unread.value = unread;
  }, [unread]);

  if (!chat.open.value) {
    return <p class="sr-only" role="status">{arrivedWords(arrived)}</p>;
  }
  return (
    <Box
      title={`Chat with ${other}`}
      isWriting={thread.draft !== ""}
      class={place}
      onClose={() => chat.open.value = false}
    >
      <Conversation
        thread={thread}
        mine={mine}
        other={other}
        timeZone={timeZone}
        now={new Date(Date.now() - chat.skew).toISOString()}
        place="panel"
      />
    </Box>
  );
}

/** Beside or over the call, not in its way: the call's own controls stay in reach. */
function Box({ title, isWriting, class: place, onClose, children }: {
  title: string;
  isWriting: boolean;
  class: string;
  onClose(): void;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const opened = box.current!;
    // On a phone the keyboard would hide half of what one wants to read first.
    const wantsField = isWriting || matchMedia("(pointer: fine)").matches;
    const field = opened.querySelector("textarea");
    if (wantsField && field !== null) {
      field.focus();
      field.selectionStart = field.value.length;
    } else opened.querySelector("h2")!.focus();
    return () => {
      // What has the focus goes with the box.
      if (!opened.contains(document.activeElement)) return;
      document.querySelector<HTMLElement>('[aria-controls="chat"]')?.focus();
    };
  }, []);
  return (
    <section
      id="chat"
      ref={box}
      class={`flex flex-col min-h-0 bg-base-100 text-base-content ${place}`}
      aria-labelledby="chat-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div class="flex items-center gap-3 ps-4 pe-2 py-2 border-b border-hem">
        <h2
          id="chat-title"
          class="min-w-0 truncate outline-none!"
          tabIndex={-1}
        >
          {title}
        </h2>
        <button
          type="button"
          class="btn btn-ghost btn-square ms-auto"
          aria-label="Close chat"
          onClick={onClose}
        >
          <Icon name="x" />
        </button>
      </div>
      {children}
    </section>
  );
}
