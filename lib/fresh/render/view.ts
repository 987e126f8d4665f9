import type { Layout } from "../scope.ts";
import type { LayoutConfig, RouteComponent } from "../types.ts";

/** The components a page is wrapped in, at one place of the app. */
export interface View {
  /** The app wrapper, or null when there is none or it is skipped. */
  readonly app: RouteComponent<never, never> | null;
  /** The layouts, outermost first. */
  readonly layouts: readonly RouteComponent<never, never>[];
}

/** No wrapper, no layouts. */
export const BARE_VIEW: View = { app: null, layouts: [] };

/** What is left of a view for something that skips layouts or the app wrapper. */
export function restrictView(view: View, config: LayoutConfig): View {
  return {
    app: config.skipAppWrapper ? null : view.app,
    layouts: config.skipInheritedLayouts ? [] : view.layouts,
  };
}

/** The view below a layout. */
export function withLayout(view: View, layout: Layout): View {
  const outer = restrictView(view, layout.config);
  return { ...outer, layouts: [...outer.layouts, layout.component] };
}
