import type { ComponentChildren } from "preact";

/**
 * Stands where something should be whose code did not come. The way on is to
 * reload: a browser keeps it in mind that a module failed, and until lately
 * none asked for it again (https://github.com/whatwg/html/issues/6768).
 * `children`: other ways on.
 */
export function NotArrived({ children }: { children?: ComponentChildren }) {
  return (
    <div class="note note-fail flex-wrap" role="alert">
      <p>A part of this page did not arrive. Check that you are online.</p>
      <button type="button" class="txt-tap" onClick={() => location.reload()}>
        Reload this page
      </button>
      {children}
    </div>
  );
}
