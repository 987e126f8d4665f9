import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Hearing } from "@/lib/call/self_check.ts";
import { MeterBars } from "@/lib/ui/call/MeterBars.tsx";
import { useLoudness } from "@/lib/ui/call/own_media.tsx";

/** Loud enough to be a voice. */
const AUDIBLE = 0.2;
const PATIENCE_MS = 10_000;

/** What `MicrophoneCheck` takes. */
export interface MicrophoneCheckProps {
  track: MediaStreamTrack;
  muted: boolean;
  /** Where to keep what is found, if others want to know it. */
  hearing?: Signal<Hearing>;
}

/** Whether the microphone hears anything, as bars and in words. */
export function MicrophoneCheck(
  { track, muted, hearing }: MicrophoneCheckProps,
) {
  const level = useLoudness(track);
  const own = useSignal<Hearing>("not yet");
  const heard = hearing ?? own;
  if (level.value > AUDIBLE) heard.value = "yes";
  useEffect(() => {
    heard.value = "not yet";
    const timer = setTimeout(() => {
      if (heard.value === "not yet") heard.value = "no";
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [track, muted]);
  return (
    <>
      <MeterBars level={level} class="h-5 w-12 shrink-0" />
      <span>
        {muted
          ? "Muted"
          : heard.value === "yes"
          ? "We hear you"
          : heard.value === "no"
          ? "We hear nothing. Is it muted, or the wrong one?"
          : "Say something"}
      </span>
    </>
  );
}
