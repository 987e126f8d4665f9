import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { callFacts } from "@/lib/call/call_facts.ts";
import type { Call } from "@/lib/call/call_model.ts";
import type { Me } from "@/lib/call/people.ts";
import type { CallFacts, Hearing } from "@/lib/call/self_check.ts";
import { type LineView, watchLine } from "@/lib/call/watch_line.ts";

/**
 * What the self-check judges by, kept true for as long as the component is
 * shown. Whoever listens to the microphone writes into `hearing`.
 */
export function useCallFacts(
  call: Call,
  me: Me,
): { facts: CallFacts; hearing: Signal<Hearing> } {
  const line = useSignal<LineView | null>(null);
  const isPlayed = useSignal(true);
  const hearing = useSignal<Hearing>("not yet");
  useEffect(() =>
    watchLine({
      inspect: () => call.inspect(),
      onView: (view) => {
        line.value = view;
        isPlayed.value = !isSilenced();
      },
      now: () => performance.now(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    }), []);
  const facts = callFacts(call, me, {
    line: line.value,
    hearing: hearing.value,
    isPlayed: isPlayed.value,
    around: {
      userAgent: globalThis.navigator.userAgent,
      isSecure: globalThis.isSecureContext,
    },
  });
  return { facts, hearing };
}

/** Whether the other's sound is there, and the browser did not begin to play it. */
function isSilenced(): boolean {
  return document.querySelector<HTMLAudioElement>(
    "#remote-media-container audio",
  )?.paused ?? false;
}
