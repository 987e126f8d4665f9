import type { ComponentChildren } from "preact";

/** Content widths: staff pages, patient pages, and pages to read. */
const WIDTHS = {
  staff: "max-w-6xl py-6 sm:py-8",
  patient: "max-w-5xl py-7 sm:py-10",
  reading: "max-w-3xl py-7 sm:py-10",
  narrow: "max-w-xl py-8 sm:py-14",
};

/** What `Main` takes. */
export interface MainProps {
  width: keyof typeof WIDTHS;
  children: ComponentChildren;
}

/** The content of a page, where "Skip to content" leads. */
export function Main({ width, children }: MainProps) {
  return (
    <main id="main" class={`mx-auto px-4 sm:px-6 ${WIDTHS[width]}`}>
      {children}
    </main>
  );
}

/** The first link of every page. */
export function SkipLink() {
  return <a class="skip" href="#main">Skip to content</a>;
}
