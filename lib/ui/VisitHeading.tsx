import type { ComponentChildren } from "preact";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import type { VisitView } from "@/lib/visits/view.ts";

/** Who comes, why, and what can be done about it. */
export function VisitHeading({ visit, children }: {
  visit: VisitView;
  children?: ComponentChildren;
}) {
  return (
    <div class="mt-1 flex flex-wrap items-start justify-between gap-4">
      <div class="min-w-0">
        <div class="flex flex-wrap items-center gap-3">
          <h1>{visit.patient.name}</h1>
          <StatusPill status={visit.status} />
        </div>
        <p class="mt-1.5">{visit.reason}</p>
      </div>
      {children}
    </div>
  );
}
