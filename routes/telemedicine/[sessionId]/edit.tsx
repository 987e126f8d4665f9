import { type Context, page } from "fresh";
import type { Caller } from "@/lib/accounts/account.ts";
import { define, type State } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { check, readFields } from "@/lib/http/input.ts";
import { authorize, availableActions } from "@/lib/sessions/policy.ts";
import { EditSessionBody } from "@/lib/sessions/requests.ts";
import { editSession, getSession } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import type { SessionDraft } from "@/lib/ui/CreateSessionForm.tsx";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { EditSessionForm } from "@/lib/ui/EditSessionForm.tsx";
import { localInputValue, parseLocalInput } from "@/lib/ui/local_input.ts";
import { Main } from "@/lib/ui/Main.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { refusedDraft, sentDraft } from "@/lib/ui/session_draft.ts";

/** The caller, and their session, if it is theirs to change. Throws `session_not_found`, `role_forbidden`. */
async function ownSession(
  ctx: Context<State>,
): Promise<{ caller: Caller; session: Session }> {
  const { services } = ctx.state;
  const caller = requireCaller(ctx.state);
  const session = await getSession(services, caller, ctx.params.sessionId!);
  authorize(caller.actor, "edit", session);
  return { caller, session };
}

/** Whether there is still something to change. */
function isEditable({ actor }: Caller, session: Session): boolean {
  return availableActions(actor, session).includes("edit");
}

/** What the page shows besides the form. */
function dataFor(
  ctx: Context<State>,
  session: Session,
  draft: SessionDraft,
  isLate = false,
) {
  ctx.state.title = `Change the session with ${session.patient.name}`;
  return {
    draft,
    movable: session.status === "SCHEDULED",
    isLate,
    backHref: `/telemedicine/${session.id}/details`,
  };
}

/** Whether the form asks for another time. To the minute is what its field can say; without the field it asks for none. */
function asksToMove(
  { scheduledStart: wanted }: SessionDraft,
  { scheduledStart }: Session,
  timeZone: string,
): boolean {
  return wanted !== "" &&
    wanted !== localInputValue(new Date(scheduledStart), timeZone);
}

/** What is to become of the session, or the sentence that says why its time cannot be read. Throws `validation`. */
function editFrom(draft: SessionDraft, movable: boolean, timeZone: string) {
  if (!movable) return check(EditSessionBody, { notes: draft.notes });
  const { at, problem } = parseLocalInput(draft.scheduledStart, timeZone);
  if (problem !== undefined) return problem;
  return check(EditSessionBody, {
    scheduled_start: at.toISOString(),
    notes: draft.notes,
  });
}

export const handler = define.handlers({
  async GET(ctx) {
    const { caller, session } = await ownSession(ctx);
    // Called off meanwhile: the details say so.
    if (!isEditable(caller, session)) {
      return ctx.redirect(`/telemedicine/${session.id}/details`, 303);
    }
    const at = new Date(session.scheduledStart);
    const draft = {
      ...sentDraft({ notes: session.notes }),
      scheduledStart: localInputValue(at, ctx.state.timeZone),
    };
    return page(dataFor(ctx, session, draft));
  },

  async POST(ctx) {
    const { services, timeZone } = ctx.state;
    const { caller, session } = await ownSession(ctx);
    const draft = sentDraft(await readFields(ctx.req));
    const refused = (errors: SessionDraft["errors"]) =>
      page(dataFor(ctx, session, { ...draft, errors }), { status: 422 });
    const movable = session.status === "SCHEDULED";
    const moves = asksToMove(draft, session, timeZone);
    if (moves && !movable && isEditable(caller, session)) {
      // The form again, without the time: what else was entered is not lost.
      return page(dataFor(ctx, session, draft, true), { status: 409 });
    }
    try {
      const edit = editFrom(draft, movable, timeZone);
      if (typeof edit === "string") return refused({ scheduledStart: edit });
      const { scheduled_start, notes } = edit;
      await editSession(services, caller, session.id, {
        ...(moves && scheduled_start !== undefined
          ? { scheduledStart: new Date(scheduled_start) }
          : {}),
        notes,
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "validation") {
        throw error;
      }
      return refused(refusedDraft(draft, error.fields).errors);
    }
    return ctx.redirect(`/telemedicine/${session.id}/details`, 303);
  },
});

/** The doctor's changes to a session: its time, before the start, and the notes. */
export default define.page<typeof handler>(function Edit({ data, state }) {
  const { draft, movable, isLate, backHref } = data;
  return (
    <Main width="narrow">
      <Crumb href={backHref}>Session</Crumb>
      <h1 class="mt-1 mb-6">
        {movable ? "Change time or notes" : "Edit notes"}
      </h1>
      {isLate && (
        <Note tone="wait" icon="circle-alert" role="alert" class="mb-5">
          <p>
            <strong>The session has started meanwhile.</strong>{" "}
            Its time cannot be changed any more. Your notes below are not saved
            yet.
          </p>
        </Note>
      )}
      <EditSessionForm
        draft={draft}
        movable={movable}
        timeZone={state.timeZone}
        backHref={backHref}
      />
    </Main>
  );
});
