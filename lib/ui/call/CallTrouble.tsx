import type { Call } from "@/lib/call/call_model.ts";
import { callProblem } from "@/lib/call/call_problem.ts";
import type { Failure } from "@/lib/call/failure.ts";
import { homeOf, type Me, wayHome } from "@/lib/call/people.ts";
import { TechnicalDetails } from "@/lib/ui/call/TechnicalDetails.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** Joining did not work: why, whose fault it is not, and what to do. */
export default function CallTrouble({ call, me }: { call: Call; me: Me }) {
  const failure: Failure = call.failure.value ??
    { from: "page", code: "unexpected", message: "" };
  const problem = callProblem(failure);
  const session = call.session.value;
  return (
    <div class="max-w-2xl mx-auto">
      <p class="st st-fail">
        <Icon name="triangle-alert" />
        Not joined
      </p>
      <h1 class="mt-3">{problem.title}</h1>
      <p class="mt-2 text-lg" role="alert">{problem.cause}</p>
      <p class="mt-2 text-muted">
        Session {session.status} · Code {failure.code}
      </p>
      {failure.code.startsWith("video_") && (
        <p>
          <a class="txt-tap" href={`/problems/${failure.code}`}>
            What the clinic can do about it
          </a>
        </p>
      )}
      <div class="mt-6 grid gap-3 sm:flex">
        {problem.canRetry && (
          <button
            type="button"
            class="btn btn-primary btn-lg"
            aria-disabled={call.busy.value ? "true" : undefined}
            onClick={() => void call.join()}
          >
            Try again
          </button>
        )}
        <a
          class="btn btn-quiet btn-lg"
          href={failure.code === "unauthenticated"
            ? "/login"
            : homeOf(session, me)}
        >
          {failure.code === "unauthenticated"
            ? "Sign in"
            : wayHome(session, me)}
        </a>
      </div>
      <TechnicalDetails call={call} me={me} said={problem.details} />
    </div>
  );
}
