import { callProblem } from "@/lib/call/call_problem.ts";
import type { Failure } from "@/lib/call/failure.ts";
import { Note } from "@/lib/ui/Note.tsx";

/** A command that did not work, in words, where it was given. */
export default function TroubleNote({ failure }: { failure: Failure }) {
  const { title, cause, details } = callProblem(failure);
  return (
    <Note tone="fail" icon="triangle-alert" role="alert">
      {title === "Failed to join session" ? "" : <strong>{title}.</strong>}{" "}
      {cause} <span title={details}>Code {failure.code}.</span>
    </Note>
  );
}
