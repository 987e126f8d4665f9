import { Icon } from "@/lib/ui/Icon.tsx";
import { messagesHref } from "@/lib/ui/messages/message_words.ts";

/** The doctor's way to the messages of a visit, and how many are new. */
export function MessagesLink({ visitId, unread, class: look }: {
  visitId: string;
  unread: number;
  /** As a button. */
  class: string;
}) {
  return (
    <a class={look} href={messagesHref(visitId, "doctor")}>
      <Icon name="message-square" />
      Messages
      {unread > 0 && (
        <span class="count">
          {unread} <span class="sr-only">new</span>
        </span>
      )}
    </a>
  );
}
