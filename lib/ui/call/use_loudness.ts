import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { measureLoudness } from "@/lib/call/loudness.ts";

/** How loud the track is right now, from 0 to 1; 0 without one. */
export function useLoudness(track: MediaStreamTrack | null): Signal<number> {
  const level = useSignal(0);
  useEffect(() => {
    level.value = 0;
    return track === null
      ? undefined
      : measureLoudness(track, (now) => level.value = now);
  }, [track]);
  return level;
}
