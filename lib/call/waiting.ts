import {
  announceArrival,
  claimArrival,
  isArrivalClaimed,
} from "@/lib/call/arrival.ts";
import { ring } from "@/lib/call/ringer.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** A page in sight has gone in by then; only where none did it rings. */
const FIRST_RING_MS = 1_000;
const RING_MS = 5_000;
/** It rings for two minutes. */
const RINGS_MAX = 24;
const BUZZ_MS = [400, 200, 400];

/**
 * Takes a patient whose call was just accepted into it: at once if the page is
 * looked at. Nobody is to be seen who does not look: a page out of sight rings
 * and says so in its title, and goes in when it is looked at. `onElsewhere`
 * when another tab has gone in already. All until the signal.
 */
export function callIn(
  { id, doctor }: Pick<SessionView, "id" | "doctor">,
  onElsewhere: () => void,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  const titleBefore = document.title;
  let rings = 0;
  let timer: ReturnType<typeof setTimeout>;
  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", enter);
    document.title = titleBefore;
  };
  const yieldTo = () => {
    stop();
    onElsewhere();
  };
  const ringAgain = () => {
    if (isArrivalClaimed(id)) return yieldTo();
    document.title = `${doctor.name} is ready`;
    ring();
    navigator.vibrate?.(BUZZ_MS);
    if (++rings < RINGS_MAX) timer = setTimeout(ringAgain, RING_MS);
  };
  const enter = async () => {
    if (document.visibilityState !== "visible") return;
    stop();
    if (!await claimArrival(id)) return yieldTo();
    announceArrival(id);
    location.replace(`/telemedicine/${id}`);
  };
  document.addEventListener("visibilitychange", enter);
  timer = setTimeout(ringAgain, FIRST_RING_MS);
  signal.addEventListener("abort", stop);
  void enter();
}

/**
 * Keeps the screen on while the page is looked at, where the browser can and
 * the battery allows: a phone that locks itself hears nothing of a call.
 * Nobody is asked for it. All until the signal.
 */
export function keepScreenOn(signal: AbortSignal): void {
  if (signal.aborted) return;
  let lock: WakeLockSentinel | undefined;
  const hold = async () => {
    if (document.visibilityState !== "visible") return;
    const got = await navigator.wakeLock?.request("screen").catch(() => {});
    if (signal.aborted) void got?.release();
    else lock = got ?? lock;
  };
  // The browser takes it back whenever the page goes out of sight.
  document.addEventListener("visibilitychange", hold, { signal });
  signal.addEventListener("abort", () => void lock?.release());
  void hold();
}
