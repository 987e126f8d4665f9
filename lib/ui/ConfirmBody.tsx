import type { ComponentChildren } from "preact";
import type { Confirmation } from "@/lib/ui/confirmations.ts";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What `ConfirmBody` takes. */
export interface ConfirmBodyProps {
  confirmation: Confirmation;
  /** The level of the title: a dialog stands in a page, a page by itself. */
  heading: "h1" | "h2";
  /** Renders the safe answer. */
  keep: (label: string) => ComponentChildren;
  /** Renders the button that does it. */
  act: (content: ComponentChildren) => ComponentChildren;
}

/** The question before something that cannot be undone; in a dialog, or on a page of its own. */
export function ConfirmBody(
  { confirmation, heading: Heading, keep, act }: ConfirmBodyProps,
) {
  return (
    <>
      <Heading id="confirm-title" class="text-2xl">
        {confirmation.title}
      </Heading>
      <p id="confirm-effect" class="mt-2 text-lg">{confirmation.effect}</p>
      <p class="mt-3 text-muted">{confirmation.instead}</p>
      <div class="mt-7 grid gap-3 sm:grid-cols-2">
        {keep(confirmation.keep)}
        {act(
          <>
            <Icon name={confirmation.icon} />
            {confirmation.act}
          </>,
        )}
      </div>
    </>
  );
}
