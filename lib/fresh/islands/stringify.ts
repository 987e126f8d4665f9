import { computed, Signal } from "@preact/signals";
import { SlotReference } from "../render/page_state.ts";
import { isValidElement } from "preact";

/** A computed signal's constructor is not exported, but its prototype can be had from any of them. */
const COMPUTED_PROTOTYPE = Object.getPrototypeOf(computed(() => null));

/** Values JSON has no word for, by negative index. `revive` in client/revive.ts reads them. */
const CONSTANTS = new Map<unknown, number>([
  [undefined, -1],
  [NaN, -2],
  [Infinity, -3],
  [-Infinity, -4],
]);
const NEGATIVE_ZERO = -5;

/**
 * Writes the props of islands as JSON that may stand inside a `<script>`.
 *
 * Unlike JSON it keeps signals, `Date`, `URL`, `RegExp`, `Map`, `Set`, `Uint8Array`, Temporal values, bigints, cycles,
 * and the identity of what occurs twice: a signal passed to two islands is one signal in the browser.
 *
 * The result is a list whose first item is the value; arrays and objects hold the positions of what is in them.
 * Throws a TypeError, which names the place, for a value the browser could not get back as it was: functions, symbols,
 * promises, errors, instances of classes.
 */
export function stringify(value: unknown): string {
  const nodes: string[] = [];
  const positions = new Map<unknown, number>();

  function add(item: unknown, path: string): number {
    if (Object.is(item, -0)) return NEGATIVE_ZERO;
    const known = CONSTANTS.get(item) ?? positions.get(item);
    if (known !== undefined) return known;
    const position = nodes.push("") - 1;
    // Before its content, which may lead back here.
    positions.set(item, position);
    nodes[position] = typeof item === "object" && item !== null
      ? object(item, path)
      : primitive(item, path);
    return position;
  }

  function object(item: object, path: string): string {
    if (Array.isArray(item)) {
      // Array.from, because map() would leave the holes of a sparse array out.
      return list(Array.from(item, (entry, i) => add(entry, `${path}[${i}]`)));
    }
    if (item instanceof Signal) {
      const tag = Object.getPrototypeOf(item) === COMPUTED_PROTOTYPE
        ? "computed"
        : "signal";
      return tagged(tag, add(item.peek(), `${path}.value`));
    }
    if (item instanceof SlotReference) return tagged("slot", item.id);
    if (item instanceof Date) return tagged("Date", item.getTime());
    if (item instanceof URL) return tagged("URL", item.href);
    if (item instanceof RegExp) {
      return tagged("RegExp", item.source, item.flags);
    }
    if (item instanceof Uint8Array) return tagged("Uint8Array", ...item);
    if (item instanceof Set) {
      return tagged("Set", ...[...item].map((v) => add(v, `${path} (set)`)));
    }
    if (item instanceof Map) {
      const entries = [...item].flatMap(([key, v]) => [
        add(key, `${path} (map key)`),
        add(v, `${path}.get(${String(key)})`),
      ]);
      return tagged("Map", ...entries);
    }
    const temporal = /^\[object (Temporal\.\w+)\]$/.exec(
      Object.prototype.toString.call(item),
    );
    if (temporal !== null) return tagged(temporal[1], String(item));
    return plainObject(item, path);
  }

  function plainObject(item: object, path: string): string {
    const prototype = Object.getPrototypeOf(item);
    if (isValidElement(item)) refuse("JSX inside an object", path);
    if (prototype !== null && prototype !== Object.prototype) {
      refuse(
        `an instance of ${prototype.constructor?.name ?? "a class"}`,
        path,
      );
    }
    const fields = Object.entries(item).map(([key, field]) => {
      if (key === "__proto__") refuse("a property named __proto__", path);
      return `${JSON.stringify(key)}:${add(field, `${path}.${key}`)}`;
    });
    return `{${fields.join(",")}}`;
  }

  add(value, "");
  // Inside a script, "</script>" and "<!--" would have a meaning.
  return `[${nodes.join(",")}]`.replaceAll("<", "\\u003c");
}

function primitive(value: unknown, path: string): string {
  if (typeof value === "bigint") return tagged("bigint", String(value));
  if (typeof value === "function" || typeof value === "symbol") {
    refuse(`a ${typeof value}`, path);
  }
  return JSON.stringify(value);
}

function tagged(...parts: unknown[]): string {
  return JSON.stringify(parts);
}

function list(positions: number[]): string {
  return `[${positions.join(",")}]`;
}

function refuse(what: string, path: string): never {
  throw new TypeError(
    `An island cannot receive ${what} (at ${path.slice(1) || "its props"})`,
  );
}
