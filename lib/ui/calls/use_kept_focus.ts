import { useLayoutEffect } from "preact/hooks";

/**
 * Moves the focus on when a render takes away the element that has it: left
 * alone it falls to the body, and whoever uses a keyboard or a screen reader
 * starts at the top of the page. `placesFor` is asked before, while the element
 * still stands; the focus goes to the first of its selectors that is there
 * afterwards.
 */
export function useKeptFocus(
  placesFor: (focused: HTMLElement) => string[],
): void {
  const focused = typeof document === "undefined"
    ? null
    : document.activeElement as HTMLElement | null;
  const places = focused === null ? [] : placesFor(focused);
  useLayoutEffect(() => {
    if (focused === null || focused.isConnected) return;
    places.map((place) => document.querySelector<HTMLElement>(place))
      .find((place) => place !== null)?.focus();
  });
}
