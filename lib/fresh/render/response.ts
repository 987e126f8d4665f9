import {
  type ComponentChildren,
  type FunctionComponent,
  h,
  isValidElement,
} from "preact";
import type { Context } from "../context.ts";
import { INTERNALS } from "../internals.ts";
import type {
  LayoutConfig,
  PageProps,
  PageResponse,
  Route,
  RouteComponent,
} from "../types.ts";
import { renderDocument } from "./document.ts";
import { restrictView } from "./view.ts";

const AsyncFunction = (async () => {}).constructor;
const Nothing: FunctionComponent = () => null;

/** Answers with an element inside the layouts and app wrapper around it. Anything but an element or null is refused. */
export function renderVNode(
  ctx: Context<unknown>,
  vnode: ComponentChildren,
  init: ResponseInit,
  config: LayoutConfig,
): Promise<Response> {
  if (vnode !== null && !isValidElement(vnode)) {
    return Promise.reject(
      new TypeError(`ctx.render() takes JSX, not a ${typeof vnode}`),
    );
  }
  return wrapAndRender(ctx, vnode, init, config);
}

/** Answers with the component of a route, given what its handler returned. */
export async function renderPage(
  ctx: Context<unknown>,
  { component, config = {} }: Route,
  { data, ...init }: PageResponse<unknown>,
): Promise<Response> {
  ctx.data = data;
  const content = component === undefined
    ? null
    : await renderComponent(component, ctx, Nothing);
  if (content instanceof Response) return content;
  return await wrapAndRender(ctx, content, init, config);
}

async function wrapAndRender(
  ctx: Context<unknown>,
  page: ComponentChildren,
  init: ResponseInit,
  config: LayoutConfig,
): Promise<Response> {
  const { app, layouts } = restrictView(ctx[INTERNALS].view, config);
  let content = page;
  for (
    const wrapper of [...(app === null ? [] : [app]), ...layouts].reverse()
  ) {
    const inner = content;
    const rendered = await renderComponent(wrapper, ctx, () => inner);
    if (rendered instanceof Response) return rendered;
    content = rendered;
  }
  return toResponse(ctx, content, init);
}

/** A sync component is left to Preact, so hooks work in it; an async one, which Preact cannot await, is called. */
function renderComponent(
  component: RouteComponent<never, never>,
  ctx: Context<unknown>,
  Component: FunctionComponent,
): ComponentChildren | Promise<ComponentChildren | Response> {
  const props: PageProps = {
    Component,
    config: ctx.config,
    data: ctx.data,
    error: ctx.error,
    info: ctx.info,
    isPartial: ctx.isPartial,
    params: ctx.params,
    req: ctx.req,
    route: ctx.route,
    state: ctx.state,
    url: ctx.url,
  };
  return component instanceof AsyncFunction
    ? component(props as PageProps<never, never>)
    : h(component as FunctionComponent<PageProps>, props);
}

function toResponse(
  ctx: Context<unknown>,
  content: ComponentChildren,
  init: ResponseInit,
): Response {
  const internals = ctx[INTERNALS];
  if (internals.wantsNonce) {
    internals.nonce ??= crypto.randomUUID().replaceAll("-", "");
  }
  const { html, preload } = renderDocument(
    content,
    internals.nonce,
    internals.snapshot,
  );
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  if (preload !== "") headers.append("link", preload);
  return new Response(html, { ...init, headers });
}
