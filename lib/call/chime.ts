import { chimeOn } from "@/lib/call/ringer.ts";

/** Plays the chime at a press, to hear whether the sound works. */
export function playChime(): void {
  const context = new AudioContext();
  chimeOn(context);
  setTimeout(() => void context.close(), 1500);
}
