import {
  type ComponentChildren,
  type ComponentType,
  Fragment,
  h,
  isValidElement,
  type VNode,
} from "preact";
import { Signal } from "@preact/signals";
import { currentPage, renderInto } from "../render/current.ts";
import { type PageState, SlotReference } from "../render/page_state.ts";
import type { Island } from "../snapshot.ts";

interface BoundaryProps {
  readonly island: Island;
  readonly component: ComponentType<Record<string, unknown>>;
  readonly props: Record<string, unknown>;
}

interface SlotProps {
  readonly id: number;
}

/** Whether a vnode is one of the two components that separate what only the server renders from what islands render. */
export function isIslandOrSlot(vnode: VNode): boolean {
  const type: unknown = vnode.type;
  return type === IslandBoundary || type === SlotBoundary;
}

/** Has an island rendered between markers. The vnode keeps nothing of the request: it may be a constant of a module. */
export function wrapIsland(vnode: VNode, island: Island): void {
  const boundary = vnode as unknown as VNode<BoundaryProps>;
  const component = vnode.type as unknown as BoundaryProps["component"];
  const props = vnode.props as Record<string, unknown>;
  boundary.type = IslandBoundary;
  boundary.props = { island, component, props, children: null };
}

/**
 * Renders an island between two comments, and notes what the browser needs to do the same. Comments, because an element
 * would get between the island and the styles around it.
 */
function IslandBoundary(
  { island, component, props }: BoundaryProps,
): ComponentChildren {
  const page = currentPage();
  if (page === null || page.inIsland) return h(component, props);

  page.inIsland = true;
  const id = page.islands.length;
  const sent: Record<string, unknown> = {};
  const rendered: Record<string, unknown> = {};
  page.islands.push({ island, props: sent });
  for (const [name, value] of Object.entries(props)) {
    if (holdsJsx(value)) {
      const slot = page.slots.push({ content: value, shown: false }) - 1;
      sent[name] = new SlotReference(slot);
      rendered[name] = h(SlotBoundary, { id: slot });
    } else {
      sent[name] = rendered[name] = value;
    }
  }
  return between(`island:${id}`, "/island", h(component, rendered));
}

/** Renders JSX that was passed to an island: not the island's own, so islands inside of it are islands again. */
function SlotBoundary({ id }: SlotProps): ComponentChildren {
  const page = currentPage();
  const slot = page?.slots[id];
  if (!page || !slot) return null;
  page.inIsland = false;
  slot.shown = true;
  return between(`slot:${id}`, "/slot", slot.content);
}

/** The slots no island has shown, as templates the browser can take them from. */
export function renderSlots(state: PageState): string {
  let html = "";
  // Rendering one may add others, so the length is read anew each time.
  for (let id = 0; id < state.slots.length; id++) {
    const slot = state.slots[id];
    if (slot === undefined || slot.shown) continue;
    const content = renderInto(
      state,
      between(`slot:${id}`, "/slot", slot.content),
    );
    html += `<template id="slot:${id}">${content}</template>`;
  }
  return html;
}

function between(
  start: string,
  end: string,
  content: ComponentChildren,
): VNode[] {
  return [comment(start), h(Fragment, null, content), comment(end)];
}

function comment(text: string): VNode {
  const props: object = { UNSTABLE_comment: text };
  return h(Fragment, props);
}

/** Signals pass for elements too, since Preact can render them: they are told apart first. */
function holdsJsx(value: unknown): value is ComponentChildren {
  if (Array.isArray(value)) return value.some(holdsJsx);
  return !(value instanceof Signal) && isValidElement(value);
}
