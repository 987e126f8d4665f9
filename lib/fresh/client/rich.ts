import { Fragment, h, type VNode } from "preact";
import type { Markers } from "./markers.ts";
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
  markers: Markers,
  signals: Pick<Revivers, "signal" | "computed">,
  island: (id: number) => VNode | undefined,
): Rich {
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
        const range = markers.slots.get(id);
        vnode.props.children = range &&
          toChildren(range.start.nextSibling, range.end, island);
      }
    },
  };
}
