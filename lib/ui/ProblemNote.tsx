import { ERRORS } from "@/lib/errors.ts";
import { Note } from "@/lib/ui/Note.tsx";
import { errorCode, problemHelp } from "@/lib/ui/problem_help.ts";

/** What became of a form that was sent and refused: the page is shown again with `?problem=code`. */
export function ProblemNote({ url }: { url: URL }) {
  const code = errorCode(url.searchParams.get("problem"));
  if (code === null) return null;
  const { status, title } = ERRORS[code];
  return (
    <Note
      tone={status >= 500 ? "fail" : "wait"}
      icon="triangle-alert"
      role="alert"
      class="mt-6"
    >
      <p>
        <strong>{title}.</strong> {problemHelp(code)}
      </p>
    </Note>
  );
}
