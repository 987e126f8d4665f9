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

/** Finds the comments the server put around islands and slots (islands/boundary.ts); `depth`: inside of how many others. */
export function findRanges(
  root: Node,
  found: (range: Range, depth: number) => void,
): void {
  const open: Comment[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    if (START.test(comment.data)) open.push(comment);
    else if (END.test(comment.data)) {
      const start = open.pop();
      if (start) found({ start, end: comment }, open.length);
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
