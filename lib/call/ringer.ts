/** How long a context that may play takes to begin, with time to spare. */
const START_MS = 500;
/** Every event that ends a press. It has done its own work before the sound wakes. */
const PRESSES = ["click", "keyup", "touchend"] as const;

/** The page's one context to ring with: once woken by a press it stays awake. */
let shared: AudioContext | undefined;
const ringer = () => shared ??= new AudioContext();

/**
 * Tells whether the page may be heard, soon and whenever that changes. After a
 * bookmark or a reload browsers keep a page silent until somebody presses
 * something on it; here any press counts. Returns the way to stop.
 */
export function watchSound(onChange: (canPlay: boolean) => void): () => void {
  const context = ringer();
  const tell = () => onChange(context.state === "running");
  // One that may not play is not refused: the promise just stays open.
  const wake = () => void context.resume().catch(() => {});
  const timer = setTimeout(tell, START_MS);
  context.addEventListener("statechange", tell);
  // A phone that was locked has interrupted it.
  document.addEventListener("visibilitychange", wake);
  for (const press of PRESSES) document.addEventListener(press, wake);
  wake();
  return () => {
    clearTimeout(timer);
    context.removeEventListener("statechange", tell);
    document.removeEventListener("visibilitychange", wake);
    for (const press of PRESSES) document.removeEventListener(press, wake);
  };
}

/** Rings once, if the browser lets this page be heard. What cannot be played now is not played later. */
export function ring(): void {
  const context = ringer();
  if (context.state === "running") chimeOn(context);
}

/** Plays two soft tones on this context. */
export function chimeOn(context: AudioContext): void {
  const gain = context.createGain();
  gain.connect(context.destination);
  gain.gain.setValueAtTime(0.2, context.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 1);
  [[523, 0], [659, 0.25]].forEach(([frequency, at]) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency!;
    tone.connect(gain);
    tone.start(context.currentTime + at!);
    tone.stop(context.currentTime + 1);
  });
}
