/** A node of the list `stringify` writes. */
export type SerializedNode =
  | string
  | number
  | boolean
  | null
  | number[]
  | TaggedNode
  | Record<string, number>;

/** A value JSON has no word for: its kind, and what it is made of. */
export type TaggedNode = [tag: string, ...rest: (string | number)[]];

/**
 * Makes the value of a tagged node. `keep` is to be called with every object before its content is read by `at`, which
 * may lead back to it.
 */
export type ReviveTagged = (
  node: TaggedNode,
  keep: <T>(value: T) => T,
  at: (position: number) => unknown,
) => unknown;

const CONSTANTS = [undefined, NaN, Infinity, -Infinity, -0];

/** Whether it stands for a value JSON has no word for. */
export function isTagged(node: SerializedNode): node is TaggedNode {
  return Array.isArray(node) && typeof node[0] === "string";
}

/**
 * Turns the list `stringify` (islands/stringify.ts) wrote back into the value, or into a part of it: the one `from`
 * this position. Throws for a tagged node if `tagged` is not given or cannot make it.
 */
export function revive(
  nodes: SerializedNode[],
  tagged?: ReviveTagged,
  from = 0,
): unknown {
  const values: unknown[] = [];

  function at(position: number): unknown {
    if (position < 0) return CONSTANTS[-1 - position];
    if (position in values) return values[position];
    const node = nodes[position]!;
    const keep = <T>(value: T): T => values[position] = value as T & unknown;
    if (typeof node !== "object" || node === null) return keep(node);
    if (isTagged(node)) return tagged!(node, keep, at);
    if (Array.isArray(node)) {
      const array: unknown[] = keep([]);
      for (const item of node) array.push(at(item));
      return array;
    }
    const object: Record<string, unknown> = keep({});
    for (const key in node) object[key] = at(node[key]!);
    return object;
  }

  return at(from);
}
