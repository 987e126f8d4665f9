import { useEffect, useState } from "preact/hooks";
import { ring, watchSound } from "@/lib/call/ringer.ts";
import { type Sound, soundOf } from "@/lib/ui/calls/sound.ts";

const KEY = "bedside:queue-sound";

/** Whether the queue is heard, and the press that changes it. The choice is this browser's, and stays. */
export function useSound(): { sound: Sound; toggle(): void } {
  // Until it is read nothing rings: it may say that nothing is to.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [canPlay, setCanPlay] = useState<boolean | null>(null);
  const sound = soundOf(wanted, canPlay);

  useEffect(() => {
    setWanted(localStorage.getItem(KEY) !== "off");
    return watchSound(setCanPlay);
  }, []);

  function toggle(): void {
    // Any press wakes the sound; this one was meant for nothing else.
    if (sound === "blocked") return;
    const next = sound === "off";
    localStorage.setItem(KEY, next ? "on" : "off");
    setWanted(next);
    if (next) ring();
  }

  return { sound, toggle };
}
