import { Icon } from "@/lib/ui/Icon.tsx";
import { unreadWords } from "@/lib/ui/messages/message_words.ts";

/** The way from the patient's home to their messages, and how many are new. */
export function MessagesTile({ unread }: { unread: number }) {
  return (
    <div class="tile">
      <span class="tile-ico">
        <Icon name="message-square" />
      </span>
      <div>
        <a
          class="tile-act"
          href="/patient-portal/messages"
          aria-describedby="messages-more"
        >
          Messages
        </a>
        <span
          class={unread > 0 ? "text-wait-ink font-semibold" : "text-muted"}
          id="messages-more"
        >
          {unread > 0 ? unreadWords(unread) : "Write to your doctor"}
        </span>
      </div>
      <Icon
        name="chevron-right"
        class="size-5 ms-auto text-muted rtl:-scale-x-100"
      />
    </div>
  );
}
