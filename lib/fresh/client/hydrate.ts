import { type ComponentType, h, hydrate, type VNode } from "preact";
import { findRanges, markerId, type Range, rangeRoot } from "./markers.ts";
import {
  isTagged,
  revive,
  type ReviveTagged,
  type SerializedNode,
} from "./revive.ts";
import type { Revivers } from "./tagged.ts";

/** What the server sends along with a page that has islands; see render/document.ts. */
export interface PageData {
  /** Where each island's component is; the index is its id. */
  islands: [url: string, exportName: string][];
  /** The props of each island, as `stringify` wrote them. */
  props: SerializedNode[];
}

/** Loads the islands of the page and has Preact take over the markup the server rendered for them. */
export async function hydrateIslands(page: PageData): Promise<void> {
  const components: (ComponentType<Record<string, unknown>> | undefined)[] = [];

  // The islands that are not inside of another one.
  const ranges: Range[] = [];
  findRanges(document.body, (range, depth) => {
    if (depth === 0) ranges.push(range);
  });

  /** An island as an element; undefined when its script could not be loaded, so that its markup stays as it is. */
  function island(id: number): VNode | undefined {
    const component = components[id];
    return component && h(component, props[id] ?? {}) as VNode;
  }

  /** The props of all islands. Those that need what did not arrive go without, and their markup stays as it is. */
  function reviveProps(tagged?: ReviveTagged): unknown[] {
    try {
      return revive(page.props, tagged) as unknown[];
    } catch {
      // Each by itself: what two of them share may be half made.
      return (page.props[0] as number[]).map((from, id) => {
        try {
          return revive(page.props, tagged, from);
        } catch (error) {
          complain(error);
          components[id] = undefined;
        }
      });
    }
  }

  const [rich, signals] = await Promise.all([
    // Most pages send plain data, and need neither of these.
    page.props.some(isTagged) ? import("./rich.ts").catch(complain) : undefined,
    loadSignals(page.props).catch(complain),
    ...page.islands.map(async ([url, exportName], id) => {
      try {
        components[id] = (await import(url))[exportName];
      } catch (error) {
        complain(error);
      }
    }),
  ]);

  const { tagged, fillSlots } = rich?.createRich(signals ?? {}, island) ??
    {};
  const props = reviveProps(tagged) as Record<string, unknown>[];
  // Before anything is hydrated, because islands may take out what they were passed.
  fillSlots?.();
  for (const range of ranges) {
    const vnode = island(markerId(range.start));
    if (vnode) hydrate(vnode, rangeRoot(range));
  }
}

/** One part of a page that is broken must not keep the others from working. */
function complain(error: unknown): void {
  // deno-lint-ignore no-console -- the browser's console is all there is to tell
  console.error("A part of the page could not be loaded", error);
}

/** Only a page that sends signals needs the module here: islands that use signals import it themselves. */
async function loadSignals(
  nodes: SerializedNode[],
): Promise<Pick<Revivers, "signal" | "computed">> {
  const needed = nodes.some((node) =>
    isTagged(node) && /^(signal|computed)$/.test(node[0])
  );
  if (!needed) return {};
  const { signal, computed } = await import("./signals.ts");
  return { signal: () => signal<unknown>(undefined), computed };
}
