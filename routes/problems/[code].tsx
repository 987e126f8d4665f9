import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { AppError, ERRORS } from "@/lib/errors.ts";
import { Main } from "@/lib/ui/Main.tsx";
import { errorCode, problemHelp } from "@/lib/ui/problem_help.ts";

export const handler = define.handlers({
  GET(ctx) {
    const code = errorCode(ctx.params.code);
    if (code === null) {
      throw new AppError("not_found", "There is no such error");
    }
    ctx.state.title = ERRORS[code].title;
    return page({ code });
  },
});

/** What an error code of the API means: where `type` of a problem document leads. */
export default define.page<typeof handler>(
  function Problem({ data: { code } }) {
    const { status, title } = ERRORS[code];
    return (
      <Main width="narrow">
        <p class="text-muted">What this answer means</p>
        <h1 class="mt-1">{title}</h1>
        <p class="mt-2 text-lg">{problemHelp(code)}</p>
        {code.startsWith("video_") && (
          <p class="mt-3">
            For the clinic:{" "}
            <a class="txt" href="/admin/setup">check the video set-up</a>
          </p>
        )}
        <dl class="sheet sheet-rows mt-7">
          <div class="px-5 py-3 sm:grid sm:grid-cols-[11rem_1fr]">
            <dt class="text-muted">Code</dt>
            <dd class="font-mono wrap-anywhere">{code}</dd>
          </div>
          <div class="px-5 py-3 sm:grid sm:grid-cols-[11rem_1fr]">
            <dt class="text-muted">HTTP status</dt>
            <dd class="num">{status}</dd>
          </div>
        </dl>
      </Main>
    );
  },
);
