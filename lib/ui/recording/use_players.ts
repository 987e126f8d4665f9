import { useEffect, useRef, useState } from "preact/hooks";
import { keepStep } from "@/lib/recordings/in_step.ts";

const TICK_MS = 200;
/** `HTMLMediaElement.HAVE_FUTURE_DATA` */
const HAVE_FUTURE_DATA = 3;

/** Several media elements that play as one. */
export interface Players {
  /** Takes an element, by its place. */
  ref(place: number): (element: HTMLMediaElement | null) => void;
  playing: boolean;
  /** It plays, but a part has not arrived yet. */
  waiting: boolean;
  failed: boolean;
  /** Seconds since the first recorded moment. */
  time: number;
  toggle(): void;
  /** Jumps to so many seconds after the first recorded moment. */
  seek(time: number): void;
}

/**
 * Plays several files of one recording together. Their times are the same; the
 * recording begins at `from`, in seconds, and lasts `seconds`.
 */
export function usePlayers(from: number, seconds: number): Players {
  const elements = useRef<(HTMLMediaElement | null)[]>([]);
  const [playing, setPlaying] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const [failed, setFailed] = useState(false);
  const [time, setTime] = useState(0);

  const all = () => elements.current.filter((element) => element !== null);

  function seek(to: number): void {
    for (const element of all()) element.currentTime = from + to;
    setTime(to);
  }

  function pause(): void {
    for (const element of all()) element.pause();
    setPlaying(false);
    setWaiting(false);
  }

  function go(element: HTMLMediaElement): void {
    element.play().catch((error: DOMException) => {
      // A pause that comes before the beginning is no failure.
      if (error.name !== "AbortError") pause();
    });
  }

  function tick(): void {
    if (all().some(({ error }) => error !== null)) {
      pause();
      setFailed(true);
      return;
    }
    const step = keepStep(
      all().map((element) => ({
        time: element.currentTime,
        ready: element.readyState >= HAVE_FUTURE_DATA && !element.seeking,
        over: element.ended,
      })),
    );
    setTime(Math.min(seconds, Math.max(0, step.time - from)));
    if (step.over) return pause();
    all().forEach((element, place) => {
      const jump = step.jumps[place] ?? null;
      if (jump !== null) element.currentTime = jump;
      if (element.ended) return;
      if (step.hold) element.pause();
      else if (element.paused) go(element);
    });
    setWaiting(step.hold);
  }

  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [playing]);

  return {
    ref: (place) => (element) => {
      elements.current[place] = element;
    },
    playing,
    waiting,
    failed,
    time,
    seek,
    toggle() {
      if (playing) return pause();
      if (time >= seconds) seek(0);
      // What a person pressed may make sound; what a timer begins may not.
      for (const element of all()) go(element);
      setPlaying(true);
    },
  };
}
