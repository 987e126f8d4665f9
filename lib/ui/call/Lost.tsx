import { useEffect } from "preact/hooks";
import type { Call } from "@/lib/call/call_model.ts";
import { lazyModule } from "@/lib/ui/call/lazy.tsx";

/** The words for every reason; who lost the connection may not get them any more. */
export const problems = lazyModule(() => import("@/lib/call/call_problem.ts"));

/** The connection is gone for good: why, as far as that is known, and the way back. */
export function Lost({ call }: { call: Call }) {
  useEffect(() => void problems.load(), []);
  const failure = call.failure.value;
  const isNamed = failure !== null && failure.code !== "0";
  const problem = isNamed
    ? problems.module.value?.callProblem(failure)
    : undefined;
  return (
    <div class="absolute inset-0 grid place-items-center p-4">
      <div
        class="sheet text-base-content p-6 max-w-md text-center"
        role="alert"
      >
        <p class="text-xl font-semibold">
          {problem?.title ?? "The connection was lost"}
        </p>
        <p class="mt-2">
          {problem?.cause ??
            "The session goes on. Come back in with one click."}
        </p>
        {isNamed && <p class="mt-1 text-muted">Code {failure.code}</p>}
        <button
          type="button"
          class="btn btn-primary btn-lg btn-block mt-5"
          onClick={() => call.join()}
        >
          Rejoin
        </button>
      </div>
    </div>
  );
}
