const START = /^(island|slot):\d+$/;
const END = /^\/(island|slot)$/;

/** What lies between two comments the server left. */
export interface Range {
  /** The comment before it. */
  readonly start: Comment;
  /** The comment after it. */
  readonly end: Comment;
}

/** The markers of a page. */
export interface Markers {
  /** The islands that are not inside of another island, by id. */
  readonly islands: Map<number, Range>;
  /** The shown slots, by id. */
  readonly slots: Map<number, Range>;
}

/** Finds the comments the server put around islands and slots (islands/boundary.ts). */
export function findMarkers(root: Node): Markers {
  const islands = new Map<number, Range>();
  const slots = new Map<number, Range>();
  const open: Comment[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    if (START.test(comment.data)) open.push(comment);
    else if (END.test(comment.data)) {
      const start = open.pop();
      if (start === undefined) continue;
      const range = { start, end: comment };
      const id = markerId(start);
      if (start.data.startsWith("slot")) slots.set(id, range);
      else if (open.length === 0) islands.set(id, range);
    }
  }
  return { islands, slots };
}

/** The number in a start marker. */
export function markerId(start: Comment): number {
  return Number(start.data.split(":")[1]);
}

/** The comment that closes the island a start marker opens; null when it opens none. */
export function islandEnd(start: Comment): Comment | null {
  if (!/^island:\d+$/.test(start.data)) return null;
  let depth = 0;
  for (let node: Node | null = start; node; node = node.nextSibling) {
    if (!(node instanceof Comment)) continue;
    if (START.test(node.data)) depth++;
    else if (END.test(node.data) && --depth === 0) return node;
  }
  return null;
}

/**
 * A stand-in for the parent element of a range, for Preact to hydrate into: it has the nodes of the range as its only
 * children.
 */
export function rangeRoot({ start, end }: Range): Element {
  const parent = start.parentNode as Element;
  const childNodes: Node[] = [];
  for (let node = start.nextSibling; node !== end; node = node!.nextSibling) {
    childNodes.push(node!);
  }
  const root = {
    nodeType: Node.ELEMENT_NODE,
    namespaceURI: parent.namespaceURI,
    parentNode: parent,
    childNodes,
    firstChild: childNodes[0] ?? null,
    insertBefore: (node: Node, before: Node | null) =>
      parent.insertBefore(node, before ?? end),
    appendChild: (node: Node) => parent.insertBefore(node, end),
    removeChild: (node: Node) => parent.removeChild(node),
    contains: (node: Node | null) => parent.contains(node),
  };
  return root as unknown as Element;
}
