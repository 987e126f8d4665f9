/** One reading that goes on, and the one that those share who came meanwhile. */
interface Readings<T> {
  current: Promise<T>;
  next: Promise<T> | null;
}

/**
 * Lets many who ask for the same at once share one reading. Whoever asks while
 * one goes on gets the one after it: it began when they had asked, so that
 * they see whatever they had written before. The answer is shared: nobody may
 * change it.
 */
export function sharedRead<K extends object, T>(
  read: (from: K) => Promise<T>,
): (from: K) => Promise<T> {
  const all = new WeakMap<K, Readings<T>>();
  const begin = (from: K): Promise<T> => {
    const readings: Readings<T> = { current: read(from), next: null };
    all.set(from, readings);
    const end = () => {
      if (readings.next === null) all.delete(from);
    };
    readings.current.then(end, end);
    return readings.current;
  };
  return (from) => {
    const readings = all.get(from);
    if (readings === undefined) return begin(from);
    const again = () => begin(from);
    return readings.next ??= readings.current.then(again, again);
  };
}
