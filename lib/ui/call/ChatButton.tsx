import type { ChatState } from "@/lib/call/chat_state.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { unreadWords } from "@/lib/ui/messages/message_words.ts";

/** Opens and closes the chat, and says how many messages are new. */
export function ChatButton({ chat, label, class: look }: {
  chat: ChatState;
  label: string;
  class: string;
}) {
  const unread = chat.unread.value;
  return (
    <button
      type="button"
      class={`relative ${look}`}
      aria-expanded={chat.open.value ? "true" : "false"}
      aria-controls="chat"
      onClick={() => chat.open.value = !chat.open.value}
    >
      <Icon name="message-square" />
      <span>
        {label}
        {unread > 0 && <span class="sr-only">{unreadWords(unread)}</span>}
      </span>
      {unread > 0 && (
        <span class="count absolute top-1 end-1" aria-hidden="true">
          {unread}
        </span>
      )}
    </button>
  );
}
