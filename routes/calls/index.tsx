import { page } from "fresh";
import { RequestCallBody } from "@/lib/calls/requests.ts";
import { getOutlook, requestCall } from "@/lib/calls/service.ts";
import { define } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { check, readFields } from "@/lib/http/input.ts";
import { newId } from "@/lib/new_id.ts";
import {
  refusedCallDraft,
  sentCallDraft,
  wishOf,
} from "@/lib/ui/call_draft.ts";
import { AskForm } from "@/lib/ui/calls/AskForm.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Main } from "@/lib/ui/Main.tsx";

export const handler = define.handlers({
  /** Where the dashboard's buttons lead: into the queue, or to the form with what is wrong with it. */
  async POST(ctx) {
    const { services } = ctx.state;
    const caller = requireMay(ctx.state, "ask_for_call");
    const { mode, ...fields } = await readFields(ctx.req);
    const draft = sentCallDraft(fields);
    try {
      const wish = check(RequestCallBody, wishOf(draft, mode));
      const { call } = await requestCall(services, caller, wish);
      return ctx.redirect(`/calls/${call.id}`, 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "validation") {
        throw error;
      }
      ctx.state.title = "Speak to a doctor now";
      const { answerable } = await getOutlook(services, caller);
      return page({
        draft: refusedCallDraft(draft, error.fields),
        answerable,
        formKey: newId(),
      }, { status: 422 });
    }
  },
});

/** The dashboard's form once more, as it was sent. */
export default define.page<typeof handler>(function AskAgain({ data }) {
  return (
    <Main width="reading">
      <h1 class="mb-5">Speak to a doctor now</h1>
      <AskForm {...data} />
      <Emergency class="mt-8" />
    </Main>
  );
});
