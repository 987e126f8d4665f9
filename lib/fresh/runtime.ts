/**
 * What pages and islands share: safe to import on the server and in the browser.
 *
 * @module
 */
import type { ComponentChildren } from "preact";

export { asset, assetSrcSet } from "./shared/asset.ts";
export { Head } from "./shared/head.ts";
export { HttpError } from "./shared/http_error.ts";

/** Whether this code runs in a browser rather than on the server. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

/** What {@link Partial} accepts. */
export interface PartialProps {
  /** Names the region. */
  name: string;
  /** How upstream merges a new response into the region. */
  mode?: "replace" | "prepend" | "append";
  /** The content of the region. */
  children?: ComponentChildren;
}

/** Marks a region upstream can update on its own. Here links load whole pages, so it renders its children as they are. */
export function Partial(props: PartialProps): ComponentChildren {
  return props.children;
}
