import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readFields } from "@/lib/http/input.ts";
import { deleteRecording } from "@/lib/recordings/service.ts";
import { authorize } from "@/lib/sessions/policy.ts";
import { getSession } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { deletionQuestion } from "@/lib/ui/confirmations.ts";
import { ConfirmPage } from "@/lib/ui/ConfirmPage.tsx";

export const handler = define.handlers({
  /** Asks before what cannot be undone. */
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    const { services } = ctx.state;
    const id = ctx.params.sessionId!;
    const stored = await getSession(services, caller, id);
    authorize(caller.actor, "delete_recording", stored);
    const session = viewSession(stored, caller.actor);
    const details = `/telemedicine/${id}/details`;
    if (!session.actions.includes("delete_recording")) {
      return ctx.redirect(details, 303);
    }
    const question = deletionQuestion(session);
    ctx.state.title = question.title;
    return page({ question, details });
  },

  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const id = ctx.params.sessionId!;
    await readFields(ctx.req);
    await deleteRecording(ctx.state.services, caller, id);
    return ctx.redirect(`/telemedicine/${id}/details`, 303);
  },
});

/** The question before a recording is deleted. */
export default define.page<typeof handler>(function DeleteRecording({ data }) {
  const { question, details } = data;
  return <ConfirmPage confirmation={question} backHref={details} />;
});
