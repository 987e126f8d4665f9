import { Fragment, h, type VNode } from "preact";
import { findRanges, markerId, type Range } from "./markers.ts";
import type { ReviveTagged } from "./revive.ts";
import { toChildren } from "./slots.ts";
import { type Revivers, taggedReviver } from "./tagged.ts";

/** How the values of a page are made that JSON has no word for. */
export interface Rich {
  /** For `revive`. */
  readonly tagged: ReviveTagged;
  /** To be called once all values are there: JSX may hold islands, whose props come from the same list. */
  fillSlots(): void;
}

/** `island` makes the element of an island; see `toChildren`. */
export function createRich(
  signals: Pick<Revivers, "signal" | "computed">,
  island: (id: number) => VNode | undefined,
): Rich {
  const shown = findSlots();
  const slots: [VNode, number][] = [];
  function slot(id: number): VNode {
    const vnode = h(Fragment, null);
    slots.push([vnode, id]);
    return vnode;
  }
  return {
    tagged: taggedReviver({ ...signals, slot }),
    fillSlots() {
      for (const [vnode, id] of slots) {
        const range = shown.get(id);
        vnode.props.children = range &&
          toChildren(range.start.nextSibling, range.end, island);
      }
    },
  };
}

/** Where the server has put the JSX that was passed to islands, by number. */
function findSlots(): Map<number, Range> {
  const slots = new Map<number, Range>();
  const collect = (root: Node) =>
    findRanges(root, (range) => {
      if (range.start.data.startsWith("slot")) {
        slots.set(markerId(range.start), range);
      }
    });
  collect(document.body);
  for (const template of document.querySelectorAll("template")) {
    // JSX no island has shown yet. It is not on the page, so neither are the islands inside of it.
    if (/^slot:\d+$/.test(template.id)) collect(template.content);
  }
  return slots;
}
