import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const loadMeter = () => import("@/lib/call/loudness.ts");

/** How loud the track is right now, from 0 to 1; 0 without one. What measures it is fetched with the first track. */
export function useLoudness(track: MediaStreamTrack | null): Signal<number> {
  const level = useSignal(0);
  useEffect(() => {
    level.value = 0;
    if (track === null) return;
    let isWanted = true;
    let stop = () => {};
    loadMeter().then(({ measureLoudness }) => {
      if (!isWanted) return;
      stop = measureLoudness(track, (now) => level.value = now);
    }, () => {
      // It stays at rest: a meter is worth no message.
    });
    return () => {
      isWanted = false;
      stop();
    };
  }, [track]);
  return level;
}
