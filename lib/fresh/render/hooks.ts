import { Fragment, options, type VNode } from "preact";
import { isIslandOrSlot, wrapIsland } from "../islands/boundary.ts";
import { currentPage } from "./current.ts";
import { prepareElement } from "./element.ts";

/** Preact's hooks around the rendering of a vnode; `__b` is what `options._diff` is called in its published build. */
const hooks = options as unknown as {
  __b?: (vnode: VNode) => void;
  diffed?: (vnode: VNode) => void;
};

const previousDiff = hooks.__b;
hooks.__b = (vnode) => {
  previousDiff?.(vnode);
  const page = currentPage();
  if (page === null || vnode.type === Fragment) return;
  if (typeof vnode.type === "string") return prepareElement(vnode, page);
  if (!isIslandOrSlot(vnode)) {
    const island = page.known.get(vnode.type);
    if (island === undefined || page.inIsland) return;
    wrapIsland(vnode, island);
  }
  page.outer.push(page.inIsland);
};

const previousDiffed = hooks.diffed;
hooks.diffed = (vnode) => {
  previousDiffed?.(vnode);
  const page = currentPage();
  if (page !== null && isIslandOrSlot(vnode)) {
    page.inIsland = page.outer.pop() ?? false;
  }
};
