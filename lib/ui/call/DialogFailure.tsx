import type { Call } from "@/lib/call/call_model.ts";
import { callProblem } from "@/lib/call/call_problem.ts";
import { Note } from "@/lib/ui/Note.tsx";

/** What `DialogFailure` takes. */
export interface DialogFailureProps {
  call: Call;
  /** Whether a command was given here: other failures are told elsewhere. */
  tried: boolean;
}

/** Why the command that was given here did not work, where it was given. */
export function DialogFailure({ call, tried }: DialogFailureProps) {
  const failure = call.failure.value;
  if (!tried || failure === null) return null;
  return (
    <Note tone="fail" icon="triangle-alert" role="alert" class="mt-4">
      {callProblem(failure).cause}
    </Note>
  );
}
