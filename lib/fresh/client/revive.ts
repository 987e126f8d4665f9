/** What {@link revive} needs from outside for the values only the browser's modules know. */
export interface Revivers {
  /** Makes a signal. */
  signal?(): { value: unknown };
  /** Makes a computed signal. */
  computed?(read: () => unknown): unknown;
  /** The JSX passed to an island, by number. */
  slot(id: number): unknown;
}

/** A node of the list `stringify` writes. */
export type SerializedNode =
  | string
  | number
  | boolean
  | null
  | number[]
  | [tag: string, ...rest: (string | number)[]]
  | Record<string, number>;

const CONSTANTS = [undefined, NaN, Infinity, -Infinity, -0];

/** Turns the list `stringify` (islands/stringify.ts) wrote back into the value. */
export function revive(nodes: SerializedNode[], revivers: Revivers): unknown {
  const values: unknown[] = [];

  // Every object is put into `values` before its content is read, which may lead back to it.
  function at(position: number): unknown {
    if (position < 0) return CONSTANTS[-1 - position];
    if (position in values) return values[position];
    const node = nodes[position];
    const keep = <T>(value: T): T => values[position] = value as T & unknown;
    if (typeof node !== "object" || node === null) return keep(node);
    if (!Array.isArray(node)) {
      const object: Record<string, unknown> = keep({});
      for (const key in node) object[key] = at(node[key]!);
      return object;
    }
    if (typeof node[0] !== "string") {
      const array: unknown[] = keep([]);
      for (const item of node) array.push(at(item as number));
      return array;
    }
    return tagged(node as [string, ...never[]], keep);
  }

  function tagged(
    [tag, ...parts]: [string, ...never[]],
    keep: <T>(value: T) => T,
  ): unknown {
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
        return keep(new Uint8Array(parts));
      case "Set": {
        const set = keep(new Set());
        for (const item of parts) set.add(at(item));
        return set;
      }
      case "Map": {
        const map = keep(new Map());
        for (let i = 0; i < parts.length; i += 2) {
          map.set(at(parts[i]!), at(parts[i + 1]!));
        }
        return map;
      }
    }
    // Temporal.PlainDate and its like.
    const { Temporal } = globalThis as unknown as {
      Temporal: Record<string, { from(text: string): unknown }>;
    };
    return keep(Temporal[tag.slice("Temporal.".length)]!.from(first));
  }

  return at(0);
}
