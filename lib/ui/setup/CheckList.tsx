import type { CheckResult } from "@/lib/setup/check.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { LOOKS, type SetupSection } from "@/lib/ui/setup_words.ts";

/** Checks of the set-up that came to the same. */
export function CheckList({ id, title, results, isFolded }: SetupSection) {
  const rows = (
    <ul class="sheet sheet-rows mt-3">
      {results.map((result) => <CheckRow key={result.id} {...result} />)}
    </ul>
  );
  if (!isFolded) {
    return (
      <section aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        {rows}
      </section>
    );
  }
  return (
    <details>
      <summary class="min-h-11 py-2 cursor-pointer">
        <h2 id={id} class="inline">
          {`${title} `}
          <span class="font-normal text-muted num">{results.length}</span>
        </h2>
      </summary>
      {rows}
    </details>
  );
}

function CheckRow({ id, title, outcome, detail, remedy }: CheckResult) {
  const { icon, colour, said } = LOOKS[outcome];
  const needsSomebody = outcome === "error" || outcome === "warning";
  return (
    <li
      class={`flex gap-4 px-5 ${needsSomebody ? "py-5" : "py-3"}`}
      data-check={id}
      data-outcome={outcome}
    >
      <span class={`${colour} pt-0.5`}>
        <Icon name={icon} class="size-6" />
        <span class="sr-only">{`${said} `}</span>
      </span>
      <div class="min-w-0 flex-1 wrap-anywhere">
        <p class="font-semibold">{title}</p>
        {detail !== "" && (
          <p class={needsSomebody ? "" : "text-muted"}>{sentence(detail)}</p>
        )}
        {remedy !== null && <Remedy steps={remedy.split("\n")} />}
      </div>
    </li>
  );
}

function Remedy({ steps }: { steps: string[] }) {
  if (steps.length === 1) return <p class="mt-2">{steps[0]}</p>;
  return (
    <ol class="mt-3 list-decimal ps-5 grid gap-1">
      {steps.map((step) => <li key={step}>{step}</li>)}
    </ol>
  );
}

/** What stands in brackets on a terminal stands alone here. */
function sentence(detail: string): string {
  return detail.charAt(0).toUpperCase() + detail.slice(1);
}
