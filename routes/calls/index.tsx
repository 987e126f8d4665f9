import { page } from "fresh";
import { RequestCallBody } from "@/lib/calls/requests.ts";
import { getOutlook, requestCall } from "@/lib/calls/service.ts";
import { define } from "@/lib/define.ts";
import { AppError, type ErrorCode } from "@/lib/errors.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { check, readFields } from "@/lib/http/input.ts";
import {
  refusedCallDraft,
  sentCallDraft,
  wishOf,
} from "@/lib/ui/call_draft.ts";
import { AskForm } from "@/lib/ui/calls/AskForm.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { withParam } from "@/lib/ui/local_path.ts";
import { Main } from "@/lib/ui/Main.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { problemHelp } from "@/lib/ui/problem_help.ts";

/** Refusals after which the form comes again with what was typed. */
const REFUSALS: readonly ErrorCode[] = ["validation", "rate_limited"];

export const handler = define.handlers({
  /** The address stays in the browser when the form comes again; the form itself is on the dashboard. */
  GET(ctx) {
    requireMay(ctx.state, "ask_for_call");
    return ctx.redirect("/patient-portal/dashboard#ask", 303);
  },

  /** Where the dashboard's buttons lead: into the queue, or to the form with what is wrong with it. */
  async POST(ctx) {
    const { services } = ctx.state;
    const caller = requireMay(ctx.state, "ask_for_call");
    const { mode, ...fields } = await readFields(ctx.req);
    const draft = sentCallDraft(fields);
    try {
      const wish = check(RequestCallBody, wishOf(draft, mode));
      const { call } = await requestCall(services, caller, wish);
      const to = `/calls/${call.id}`;
      // Who waits already keeps that request, also where it is of the other kind.
      return ctx.redirect(
        call.mode === wish.mode ? to : withParam(to, "asked", wish.mode),
        303,
      );
    } catch (error) {
      if (!(error instanceof AppError) || !REFUSALS.includes(error.code)) {
        throw error;
      }
      ctx.state.title = "Speak to a doctor now";
      const { answerable } = await getOutlook(services, caller);
      const { code, retryAfterSeconds: seconds } = error;
      return page({
        form: {
          draft: refusedCallDraft(draft, error.fields),
          answerable,
        },
        refusal: code === "validation" ? null : error,
      }, {
        status: code === "validation" ? 422 : error.status,
        headers: seconds === undefined
          ? {}
          : { "retry-after": String(seconds) },
      });
    }
  },
});

/** The dashboard's form once more, as it was sent. */
export default define.page<typeof handler>(function AskAgain({ data }) {
  const { form, refusal } = data;
  return (
    <Main width="reading">
      <h1 class="mb-5">Speak to a doctor now</h1>
      {refusal !== null && (
        <Note tone="wait" icon="hourglass" role="alert" class="mb-5">
          <p>
            <strong>{refusal.title}.</strong> {problemHelp(refusal.code)}
          </p>
        </Note>
      )}
      <AskForm {...form} />
      <Emergency class="mt-8" />
    </Main>
  );
});
