import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { headSink } from "../shared/head.ts";
import type { PageState } from "./page_state.ts";

/** The page being rendered. Rendering is synchronous, so there is never more than one. */
let current: PageState | null = null;

/** Renders part of a page, gathering what it needs in `state`. */
export function renderInto(
  state: PageState,
  content: ComponentChildren,
): string {
  const outer = current;
  current = state;
  headSink.current = (children) => state.head.push(children);
  try {
    return renderToString(content as VNode);
  } finally {
    current = outer;
    headSink.current = null;
  }
}

/** The page being rendered, or null outside of a render. */
export function currentPage(): PageState | null {
  return current;
}
