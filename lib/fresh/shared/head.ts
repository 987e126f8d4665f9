import type { ComponentChildren } from "preact";

/** Where `<Head>` hands its children while the server renders a page; null in the browser and between renders. */
export const headSink: {
  current: ((children: ComponentChildren) => void) | null;
} = { current: null };

/**
 * Adds its children to the document's `<head>` from anywhere in the page. A `<title>` replaces the one already there.
 *
 * It acts while the server renders; in the browser it renders nothing.
 */
export function Head(props: { children?: ComponentChildren }): null {
  headSink.current?.(props.children);
  return null;
}
