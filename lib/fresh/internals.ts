import type { View } from "./render/view.ts";
import type { Snapshot } from "./snapshot.ts";

/** What the layer itself keeps for a request; not part of the public API. */
export interface Internals {
  /** The app wrapper and layouts that apply where the request is being handled. */
  view: View;
  /** What the build produced, or null when the app runs without one. */
  snapshot: Snapshot | null;
  /** Whether a middleware asked for scripts and styles to carry a nonce. */
  wantsNonce: boolean;
  /** The nonce of the page that was rendered, or null. */
  nonce: string | null;
}

/** The key of {@link Internals} on a {@link Context}. */
export const INTERNALS: unique symbol = Symbol("fresh.internals");
