import { useEffect, useMemo, useState } from "preact/hooks";
import { openThread } from "@/lib/messages_client.ts";
import type { ThreadView } from "@/lib/messages/view.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import { Conversation } from "@/lib/ui/messages/Conversation.tsx";
import { useThread } from "@/lib/ui/messages/use_thread.ts";

/** What `MessageThread` takes. */
export interface MessageThreadProps {
  visitId: string;
  mine: Seat;
  /** What the other is called in a sentence. */
  other: string;
  initial: ThreadView;
  timeZone: string;
  /** The server's clock when it rendered. */
  now: string;
  idempotencyKey: string;
  /** What was written and could not be sent, and why. */
  text: string;
  problem: string | null;
  /** False for a page of the past, which does not change. */
  isNewest: boolean;
}

/** How often the page looks whether a new day has begun. */
const TICK_MS = 60_000;

/** The messages of a visit on a page of their own: live, and with the number of unread ones in the title. */
export default function MessageThread(props: MessageThreadProps) {
  const { visitId, mine, initial, isNewest } = props;
  const thread = useMemo(() => {
    const opened = openThread({ visitId, mine, initial });
    opened.draft = props.text;
    return opened;
  }, []);
  useThread(thread, isNewest);

  const [now, setNow] = useState(props.now);
  useEffect(() => {
    // This device's clock may be wrong; how wrong it is does not change while one looks.
    const ahead = Date.parse(props.now) - Date.now();
    const timer = setInterval(
      () => setNow(new Date(Date.now() + ahead).toISOString()),
      TICK_MS,
    );
    return () => clearInterval(timer);
  }, []);

  const { unread } = thread.state;
  useEffect(() => {
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = unread === 0 ? title : `(${unread}) ${title}`;
  }, [unread]);

  return (
    <Conversation
      thread={thread}
      mine={mine}
      other={props.other}
      timeZone={props.timeZone}
      now={now}
      place="page"
      idempotencyKey={props.idempotencyKey}
      problem={props.problem}
      isNewest={isNewest}
    />
  );
}
