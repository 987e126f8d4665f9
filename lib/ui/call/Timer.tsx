import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { stopwatch } from "@/lib/ui/stopwatch.ts";

/** What `Timer` takes. */
export interface TimerProps {
  /** When it began, by the server's clock. */
  since: string;
  /** How far this device's clock is ahead of the server's, in milliseconds. */
  skew: number;
  class: string;
}

/** How long the session has been going on. Not a live region: nobody wants to hear every second. */
export function Timer({ since, skew, class: look }: TimerProps) {
  const seconds = () => (Date.now() - skew - Date.parse(since)) / 1000;
  const passed = useSignal(seconds());
  useEffect(() => {
    const timer = setInterval(() => passed.value = seconds(), 1000);
    return () => clearInterval(timer);
  }, [since]);
  return (
    <p class={look}>
      <span class="sr-only">Call time</span> {stopwatch(passed.value)}
    </p>
  );
}
