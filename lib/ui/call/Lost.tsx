import type { Call } from "@/lib/call/call_model.ts";
import { callProblem } from "@/lib/call/call_problem.ts";

/** The connection is gone for good: why, and the way back. */
export default function Lost({ call }: { call: Call }) {
  const failure = call.failure.value;
  const problem = failure === null || failure.code === "0"
    ? null
    : callProblem(failure);
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
        {problem !== null && <p class="mt-1 text-muted">Code {failure?.code}
        </p>}
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
