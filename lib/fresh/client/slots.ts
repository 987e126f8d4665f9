import { type ComponentChild, h, type VNode } from "preact";
import { END, markerId, START } from "./markers.ts";

/**
 * The JSX for a piece of markup the server rendered, up to `end`.
 *
 * An island may unmount what it was passed and show it again later, so it needs elements of its own rather than the
 * nodes of the document. `island` makes the element of an island inside the markup; where it cannot, the markup stays.
 */
export function toChildren(
  first: Node | null,
  end: Node | null,
  island: (id: number) => VNode | undefined,
): ComponentChild[] {
  const children: ComponentChild[] = [];
  for (let node = first; node && node !== end; node = node.nextSibling) {
    if (node instanceof Text) children.push(node.data);
    else if (node instanceof Element) {
      const content = toChildren(node.firstChild, null, island);
      children.push(h(node.localName, attributes(node), ...content));
    } else if (node instanceof Comment) {
      const close = islandEnd(node);
      const vnode = close && island(markerId(node));
      if (!vnode) continue;
      children.push(vnode);
      node = close;
    }
  }
  return children;
}

function attributes(element: Element): Record<string, unknown> {
  const props: Record<string, unknown> = {};
  for (const { name, value } of element.attributes) {
    // Preact takes an "on…" prop for a listener, which a string is not.
    if (name.startsWith("on")) continue;
    // It sets what is a property as a property, and "" would set a boolean one to false.
    const isFlag = value === "" &&
      typeof element[name as keyof Element] === "boolean";
    props[name] = isFlag ? true : value;
  }
  return props;
}

/** The comment that closes the island a start marker opens; null when it opens none. */
function islandEnd(start: Comment): Comment | null {
  if (!/^island:\d+$/.test(start.data)) return null;
  let depth = 0;
  for (let node: Node | null = start; node; node = node.nextSibling) {
    if (!(node instanceof Comment)) continue;
    if (START.test(node.data)) depth++;
    else if (END.test(node.data) && --depth === 0) return node;
  }
  return null;
}
