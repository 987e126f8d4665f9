import type { ComponentChildren } from "preact";
import { ConfirmBody } from "@/lib/ui/ConfirmBody.tsx";
import type { Confirmation } from "@/lib/ui/confirmations.ts";
import { Main } from "@/lib/ui/Main.tsx";

/** What `ConfirmPage` takes. */
export interface ConfirmPageProps {
  confirmation: Confirmation;
  /** Where the safe answer leads. */
  backHref: string;
  /** Hidden fields that go along with the other answer. */
  children?: ComponentChildren;
}

/** The question before something that cannot be undone, as a page that needs no script. Yes is a POST to the page itself. */
export function ConfirmPage(
  { confirmation, backHref, children }: ConfirmPageProps,
) {
  return (
    <Main width="narrow">
      <form class="sheet p-6 sm:p-8" method="post">
        {children}
        <ConfirmBody
          heading="h1"
          confirmation={confirmation}
          keep={(label) => (
            <a class="btn btn-quiet btn-lg" href={backHref}>{label}</a>
          )}
          act={(content) => (
            <button type="submit" class="btn btn-error btn-lg">
              {content}
            </button>
          )}
        />
      </form>
    </Main>
  );
}
