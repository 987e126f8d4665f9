import { useEffect, useState } from "preact/hooks";
import { seatOf } from "@/lib/call/people.ts";
import { watch } from "@/lib/live_client.ts";
import type { MessageView, ThreadView } from "@/lib/messages/view.ts";
import type { ChatProps } from "@/lib/ui/call/Chat.tsx";
import { lazyModule } from "@/lib/ui/call/lazy.tsx";
import { NotArrived } from "@/lib/ui/NotArrived.tsx";
import { arrivedWords } from "@/lib/ui/messages/message_words.ts";

/** One for all screens, so that the chat is there at once on the next. */
const chatModule = lazyModule(() => import("@/lib/ui/call/Chat.tsx"));

/**
 * The chat of the call page. Until it is opened, only what its button says is
 * listened for: the code of the chat itself comes with the first message, or
 * with the first press.
 */
export function ChatPlace(props: ChatProps) {
  const { chat } = props;
  const isOpen = chat.open.value;
  const Chat = chatModule.module.value?.default;
  // Once opened it goes on listening by itself.
  const isUsed = Chat !== undefined && (isOpen || chat.thread !== null);
  useEffect(() => {
    if (isOpen) void chatModule.load();
  }, [isOpen]);
  if (isUsed) return <Chat {...props} />;
  return (
    <>
      <Ear {...props} />
      {isOpen && chatModule.failed.value && (
        <div class="absolute inset-x-3 bottom-3 z-10">
          <NotArrived />
        </div>
      )}
    </>
  );
}

/** Listens to the visit's messages: how many are new, and those that arrive, to be read aloud. */
function Ear({ call, me, chat }: ChatProps) {
  const session = call.session.value;
  const mine = seatOf(session, me);
  const [arrived, setArrived] = useState<MessageView[]>([]);
  useEffect(() => {
    let last: string | undefined;
    return watch<ThreadView>(
      `visits/${session.visit_id}/messages/events/`,
      "messages",
      ({ results, unread }) => {
        // The first tells what there is, each later one what is new; or all again, where the line was interrupted.
        const theirs = results.filter(({ id, seat }) =>
          last !== undefined && id > last && seat !== mine
        );
        last = results.at(-1)?.id ?? last ?? "";
        chat.unread.value = unread;
        if (theirs.length === 0) return;
        setArrived(theirs);
        void chatModule.load();
      },
    );
  }, []);
  return <p class="sr-only" role="status">{arrivedWords(arrived)}</p>;
}
