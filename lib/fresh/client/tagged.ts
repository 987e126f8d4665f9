import type { ReviveTagged } from "./revive.ts";

/** What {@link taggedReviver} needs from outside for the values only the browser's modules know. */
export interface Revivers {
  /** Makes a signal. */
  signal?(): { value: unknown };
  /** Makes a computed signal. */
  computed?(read: () => unknown): unknown;
  /** The JSX passed to an island, by number. */
  slot(id: number): unknown;
}

/** Makes the values JSON has no word for. */
export function taggedReviver(revivers: Revivers): ReviveTagged {
  return ([tag, ...parts], keep, at) => {
    const [first, second] = parts as unknown as [never, never];
    switch (tag) {
      case "signal": {
        const signal = keep(revivers.signal!());
        signal.value = at(first);
        return signal;
      }
      case "computed":
        return keep(revivers.computed!(() => at(first)));
      case "slot":
        return keep(revivers.slot(first));
      case "Date":
        return keep(new Date(first ?? NaN));
      case "URL":
        return keep(new URL(first));
      case "RegExp":
        return keep(new RegExp(first, second));
      case "bigint":
        return keep(BigInt(first));
      case "Uint8Array":
        return keep(new Uint8Array(parts as number[]));
      case "Set": {
        const set = keep(new Set());
        for (const item of parts) set.add(at(item as number));
        return set;
      }
      case "Map": {
        const map = keep(new Map());
        for (let i = 0; i < parts.length; i += 2) {
          map.set(at(parts[i] as number), at(parts[i + 1] as number));
        }
        return map;
      }
    }
    // Temporal.PlainDate and its like.
    const { Temporal } = globalThis as unknown as {
      Temporal: Record<string, { from(text: string): unknown }>;
    };
    return keep(Temporal[tag.slice("Temporal.".length)]!.from(first));
  };
}
