import type { ComponentChildren } from "preact";
import type { ClientScript, Island } from "../snapshot.ts";

/** An island as it was rendered. */
export interface RenderedIsland {
  /** Where the browser finds it. */
  readonly island: Island;
  /** Its props, in which JSX stands as a {@link SlotReference}. */
  readonly props: Record<string, unknown>;
}

/** JSX passed to an island: rendered here, told to the browser by number. */
export interface Slot {
  /** The JSX. */
  readonly content: ComponentChildren;
  /** Whether the island has shown it. */
  shown: boolean;
}

/** Stands for JSX in the props of an island. */
export class SlotReference {
  /** `id` is the index in {@link PageState.slots}. */
  constructor(readonly id: number) {}
}

/** What is gathered while one page renders. */
export class PageState {
  /** The islands so far; the index is the id in the markup. */
  readonly islands: RenderedIsland[] = [];
  /** The slots so far; the index is the id in the markup. */
  readonly slots: Slot[] = [];
  /** What `<Head>` was given. */
  readonly head: ComponentChildren[] = [];
  /** Whether the page brings its own `<html>`. */
  hasHtml = false;
  /** Whether what is being rendered belongs to an island, and so is rendered by the browser too. */
  inIsland = false;
  /** What {@link inIsland} was outside of the islands and slots being rendered. */
  readonly outer: boolean[] = [];

  /** `nonce` goes on scripts and styles, if there is one. */
  constructor(
    readonly nonce: string | null,
    readonly known: ReadonlyMap<unknown, Island>,
  ) {}

  /** The addresses to load ahead for the islands of the page. */
  scripts(boot: ClientScript): Set<string> {
    const urls = new Set([boot.url, ...boot.imports]);
    for (const { island: { script } } of this.islands) {
      urls.add(script.url);
      for (const url of script.imports) urls.add(url);
    }
    return urls;
  }
}
