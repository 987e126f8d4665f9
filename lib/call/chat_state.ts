import { type Signal, signal } from "@preact/signals";
import type { LiveThread } from "@/lib/messages_client.ts";

/** The chat of a call page. It outlives the screens, and with it what is being written. */
export interface ChatState {
  readonly open: Signal<boolean>;
  /** How many messages one has not read. */
  readonly unread: Signal<number>;
  /** How far this device's clock is ahead of the server's, in milliseconds. */
  readonly skew: number;
  /** Null until its code has arrived. */
  thread: LiveThread | null;
}

/** A chat that is closed and knows nothing yet. */
export function newChat(skew: number): ChatState {
  return { open: signal(false), unread: signal(0), skew, thread: null };
}
