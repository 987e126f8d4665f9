import { equal, match, notEqual } from "node:assert/strict";
import { ApiError } from "@/lib/api_client.ts";
import { callProblem } from "@/lib/call/call_problem.ts";
import { ConnectionError } from "@/lib/call/connection.ts";
import { isTokenRefused, toFailure } from "@/lib/call/failure.ts";

Deno.test("a refused connection says so in the words of the handbook (S1.25)", () => {
  const problem = callProblem(
    toFailure(new ConnectionError(53000, "Signaling connection error")),
  );
  equal(
    problem.details,
    "Error connecting to the room: Signaling connection error (53000)",
  );
});

Deno.test("what keeps one out of a session is told apart (S3.39)", () => {
  const causes = [
    "not_started",
    "session_over",
    "session_not_found",
    "video_not_configured",
    "video_rejected",
  ] as const;
  const problems = causes.map((code) =>
    callProblem(toFailure(new ApiError(code, 409, "refused")))
  );
  for (const problem of problems) {
    equal(problem.title, "Failed to join session");
  }
  equal(new Set(problems.map(({ cause }) => cause)).size, causes.length);
});

Deno.test("what cannot get better by trying again offers nothing to try", () => {
  equal(
    callProblem(toFailure(new ApiError("session_over", 409, "over"))).canRetry,
    false,
  );
  equal(
    callProblem(toFailure(new ApiError("video_unavailable", 503, "down")))
      .canRetry,
    true,
  );
});

for (const code of [20104, 53000, 53001, 53106, 53118, 53405]) {
  Deno.test(`the video service's ${code} has words of its own`, () => {
    notEqual(
      callProblem(toFailure(new ConnectionError(code, "?"))).cause,
      callProblem(toFailure("?")).cause,
    );
  });
}

Deno.test("whatever is thrown becomes a failure", () => {
  equal(toFailure(new ApiError("network", 0, "no answer")).from, "server");
  equal(toFailure(new ConnectionError(53106, "Room not found")).code, "53106");
  equal(toFailure(new ConnectionError("not_loaded", "no script")).from, "page");
  equal(toFailure(new Error("odd")).code, "unexpected");
  match(callProblem(toFailure("odd")).cause, /not your fault/);
});

Deno.test("only refusals of the token are refusals of the token", () => {
  equal(isTokenRefused(new ConnectionError(20104, "")), true);
  equal(isTokenRefused(new ConnectionError(53106, "")), false);
  equal(isTokenRefused(new Error()), false);
});
