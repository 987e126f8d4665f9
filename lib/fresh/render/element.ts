import type { VNode } from "preact";
import { asset, assetSrcSet } from "../shared/asset.ts";
import type { PageState } from "./page_state.ts";

/** Elements whose nonce is ours to change: one kept in a constant is rendered for many requests. */
const ours = new WeakSet<VNode>();

/** Completes an element before it is rendered: nonces on scripts and styles, releases on the addresses of images. */
export function prepareElement(vnode: VNode, state: PageState): void {
  switch (vnode.type) {
    case "html":
      state.hasHtml = true;
      break;
    case "script":
    case "style":
      addNonce(vnode as VNode<{ nonce?: string | null }>, state.nonce);
      break;
    case "img":
    case "source":
      tagAddresses(vnode as VNode<{ src?: unknown; srcset?: unknown }>);
      break;
  }
}

/** An explicit nonce stays. */
function addNonce(
  vnode: VNode<{ nonce?: string | null }>,
  nonce: string | null,
): void {
  if (nonce === null && !ours.has(vnode as VNode)) return;
  if (vnode.props.nonce != null && !ours.has(vnode as VNode)) return;
  ours.add(vnode as VNode);
  vnode.props = { ...vnode.props, nonce };
}

function tagAddresses(
  vnode: VNode<{ src?: unknown; srcset?: unknown; srcSet?: unknown }>,
): void {
  const { src, srcset, srcSet } = vnode.props;
  if (typeof src === "string") {
    vnode.props = { ...vnode.props, src: asset(src) };
  }
  if (typeof srcset === "string") {
    vnode.props = { ...vnode.props, srcset: assetSrcSet(srcset) };
  }
  if (typeof srcSet === "string") {
    vnode.props = { ...vnode.props, srcSet: assetSrcSet(srcSet) };
  }
}
