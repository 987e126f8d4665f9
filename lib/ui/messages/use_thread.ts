import { useEffect, useReducer } from "preact/hooks";
import type { LiveThread } from "@/lib/messages_client.ts";

/** Renders anew with every change of the thread, and listens to the server as long as the component is there. */
export function useThread(thread: LiveThread, live = true): void {
  const [, render] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const stopRendering = thread.subscribe(() => render(undefined));
    const stopListening = live ? thread.watch() : null;
    return () => {
      stopRendering();
      stopListening?.();
    };
  }, [thread]);
}
