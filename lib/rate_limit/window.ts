/** How often something may be done. */
export interface Limit {
  times: number;
  /** Within so many milliseconds of the first. */
  windowMs: number;
}

/** How often it was done, as stored. */
export interface Window {
  /** When the first was. */
  since: string;
  count: number;
}

/** The window with one more in it, or the seconds after which there is room for another. */
export function withOne(
  window: Window | null,
  { times, windowMs }: Limit,
  now: Date,
): { next: Window } | { waitSeconds: number } {
  const ms = window === null
    ? windowMs
    : now.getTime() - Date.parse(window.since);
  // A clock that was set back must not keep anybody out for long.
  if (window === null || ms >= windowMs || ms < 0) {
    return { next: { since: now.toISOString(), count: 1 } };
  }
  if (window.count < times) {
    return { next: { ...window, count: window.count + 1 } };
  }
  return { waitSeconds: Math.ceil((windowMs - ms) / 1000) };
}
