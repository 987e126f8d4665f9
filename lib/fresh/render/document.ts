import { type ComponentChildren, Fragment, h } from "preact";
import { renderSlots } from "../islands/boundary.ts";
import { stringify } from "../islands/stringify.ts";
import type { Snapshot } from "../snapshot.ts";
import { renderInto } from "./current.ts";
import "./hooks.ts";
import { PageState } from "./page_state.ts";

/** A rendered page. */
export interface RenderedDocument {
  /** The document. */
  readonly html: string;
  /** A Link header that has the scripts of the page's islands loaded early; empty without islands. */
  readonly preload: string;
}

/** The id of the element with the data the boot script reads. */
const STATE_ID = "__FRSH_STATE";

/**
 * Renders a page into a full document. Only a page with islands gets scripts: the data of its islands and the script
 * that brings them to life. Both are files or plain data, so no inline script needs to be allowed.
 */
export function renderDocument(
  content: ComponentChildren,
  nonce: string | null,
  snapshot: Snapshot | null,
): RenderedDocument {
  const state = new PageState(nonce, snapshot?.islands ?? new Map());
  const page = renderInto(state, content);
  const head = state.head.length === 0
    ? ""
    : renderInto(state, h(Fragment, null, ...state.head));
  const { tail, preload } = scripts(state, snapshot);

  const body = insertBeforeLast(page, "</body>", tail);
  const html = state.hasHtml
    ? insertIntoHead(body, head)
    : `<html><head><meta charset="utf-8"/>${head}</head><body>${body}</body></html>`;
  return { html: `<!DOCTYPE html>${html}`, preload };
}

function scripts(
  state: PageState,
  snapshot: Snapshot | null,
): { tail: string; preload: string } {
  const nonce = state.nonce === null ? "" : ` nonce="${state.nonce}"`;
  const reload = snapshot?.reloadScript
    ? `<script type="module" src="${snapshot.reloadScript}"${nonce}></script>`
    : "";
  const boot = snapshot?.boot;
  if (!boot || state.islands.length === 0) {
    return { tail: reload, preload: "" };
  }

  // Slots first: islands inside of them add their props.
  const slots = renderSlots(state);
  const islands = state.islands.map(({ island: { script, exportName } }) => [
    script.url,
    exportName,
  ]);
  const props = stringify(state.islands.map(({ props }) => props));
  const data = `{"islands":${JSON.stringify(islands)},"props":${props}}`;
  const tail =
    `${slots}<script type="application/json" id="${STATE_ID}">${data}</script>` +
    `<script type="module" src="${boot.url}"${nonce}></script>${reload}`;
  const preload = [...state.scripts(boot)]
    .map((url) => `<${url}>; rel="modulepreload"; as="script"`).join(", ");
  return { tail, preload };
}

function insertBeforeLast(html: string, marker: string, part: string): string {
  if (part === "") return html;
  const at = html.lastIndexOf(marker);
  return at === -1 ? html + part : html.slice(0, at) + part + html.slice(at);
}

/** A title replaces the one that is there; everything else is added. */
function insertIntoHead(html: string, head: string): string {
  if (head === "") return html;
  const end = html.indexOf("</head>");
  if (end === -1) return html;
  const before = /<title[\s>]/.test(head)
    ? html.slice(0, end).replace(/<title[\s>][^]*?<\/title>/, "")
    : html.slice(0, end);
  return before + head + html.slice(end);
}
