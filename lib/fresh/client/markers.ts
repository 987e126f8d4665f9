/** What a comment says where an island or a slot begins. */
export const START: RegExp = /^(island|slot):\d+$/;
/** What a comment says where it ends. */
export const END: RegExp = /^\/(island|slot)$/;

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
export function findMarkers(): Markers {
  const markers: Markers = { islands: new Map(), slots: new Map() };
  collect(document.body, markers.islands, markers.slots);
  for (const template of document.querySelectorAll("template")) {
    // JSX no island has shown yet. It is not on the page, so neither are the islands inside of it.
    if (/^slot:\d+$/.test(template.id)) {
      collect(template.content, new Map(), markers.slots);
    }
  }
  return markers;
}

function collect(
  root: Node,
  islands: Map<number, Range>,
  slots: Map<number, Range>,
): void {
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
}

/** The number in a start marker. */
export function markerId(start: Comment): number {
  return Number(start.data.split(":")[1]);
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
  // All of an element that Preact 10 asks the parent of a tree for.
  const root = {
    namespaceURI: parent.namespaceURI,
    childNodes,
    firstChild: childNodes[0] ?? null,
    insertBefore: (node: Node, before: Node | null) =>
      parent.insertBefore(node, before ?? end),
  };
  return root as unknown as Element;
}
