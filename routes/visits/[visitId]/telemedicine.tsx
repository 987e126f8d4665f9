import { page } from "fresh";
import type { Context } from "fresh";
import DoctorSessionList from "@/islands/DoctorSessionList.tsx";
import type { Caller } from "@/lib/accounts/account.ts";
import { define, type State } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { check, readFields } from "@/lib/http/input.ts";
import { countUnread } from "@/lib/messages/service.ts";
import { newId } from "@/lib/new_id.ts";
import { CreateSessionBody } from "@/lib/sessions/requests.ts";
import { createSession, listSessions } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import {
  CreateSessionForm,
  type SessionDraft,
} from "@/lib/ui/CreateSessionForm.tsx";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { parseLocalInput } from "@/lib/ui/local_input.ts";
import { Main } from "@/lib/ui/Main.tsx";
import { MessagesLink } from "@/lib/ui/messages/MessagesLink.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { ProblemNote } from "@/lib/ui/ProblemNote.tsx";
import { emptyDraft, refusedDraft, sentDraft } from "@/lib/ui/session_draft.ts";
import { firstName } from "@/lib/ui/session_words.ts";
import { moment } from "@/lib/ui/times.ts";
import { VisitHeading } from "@/lib/ui/VisitHeading.tsx";
import { authorizeVisit } from "@/lib/visits/policy.ts";
import { getVisit } from "@/lib/visits/service.ts";
import { viewVisit } from "@/lib/visits/view.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** The caller's visit, if it is theirs to attend. Throws `visit_not_found`, `role_forbidden`. */
async function ownVisit(ctx: Context<State>, caller: Caller): Promise<Visit> {
  const { services } = ctx.state;
  const visit = await getVisit(services, caller, ctx.params.visitId!);
  authorizeVisit(caller.actor, "attend", visit);
  return visit;
}

/** Everything the page shows. */
async function dataFor(
  ctx: Context<State>,
  caller: Caller,
  visit: Visit,
  draft: SessionDraft | null,
) {
  const { services } = ctx.state;
  const { actor } = caller;
  const { id: visitId } = visit;
  const cursor = ctx.url.searchParams.get("cursor") ?? undefined;
  const { sessions, next } = await listSessions(services, caller, {
    visitId,
    cursor,
  });
  const unread = await countUnread(services, caller);
  ctx.state.title = `Sessions with ${visit.patient.name}`;
  return {
    unread: unread.get(visitId) ?? 0,
    visit: viewVisit(visit, actor),
    sessions: sessions.map((session) => viewSession(session, actor)),
    now: services.now().toISOString(),
    isPast: cursor !== undefined,
    next,
    draft,
    idempotencyKey: newId(),
  };
}

/** Creates the session that the form describes. Throws `validation` with what is wrong by field. */
async function createFrom(
  { services, timeZone }: State,
  caller: Caller,
  visitId: string,
  draft: SessionDraft,
): Promise<string> {
  const { at, problem } = parseLocalInput(draft.scheduledStart, timeZone);
  if (problem !== undefined) throw new UnreadableTime(problem);
  const body = check(CreateSessionBody, {
    visit_id: visitId,
    scheduled_start: at.toISOString(),
    recording_enabled: draft.recordingEnabled,
    voice_only: draft.voiceOnly,
    notes: draft.notes,
  });
  const session = await createSession(services, caller, {
    visitId,
    scheduledStart: at,
    recordingEnabled: body.recording_enabled,
    voiceOnly: body.voice_only,
    notes: body.notes,
  });
  return session.id;
}

/** A date and time that cannot be read; the message is a sentence for the reader. */
class UnreadableTime extends Error {}

export const handler = define.handlers({
  async GET(ctx) {
    const { services, timeZone } = ctx.state;
    const caller = requireCaller(ctx.state);
    const visit = await ownVisit(ctx, caller);
    const isCreating = ctx.url.searchParams.has("create");
    const draft = isCreating ? emptyDraft(services.now(), timeZone) : null;
    return page(await dataFor(ctx, caller, visit, draft));
  },

  /** Creates a session. */
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const visit = await ownVisit(ctx, caller);
    const { id: visitId } = visit;
    const here = `/visits/${visitId}/telemedicine`;
    const draft = sentDraft(await readFields(ctx.req));
    try {
      const id = await createFrom(ctx.state, caller, visitId, draft);
      return ctx.redirect(`${here}?created=${id}`, 303);
    } catch (error) {
      if (error instanceof UnreadableTime) {
        const refused = { ...draft, errors: { scheduledStart: error.message } };
        return page(await dataFor(ctx, caller, visit, refused), {
          status: 422,
        });
      }
      if (!(error instanceof AppError)) throw error;
      if (error.code === "visit_closed") {
        return ctx.redirect(`${here}?problem=${error.code}`, 303);
      }
      if (error.code !== "validation") throw error;
      const refused = refusedDraft(draft, error.fields);
      return page(await dataFor(ctx, caller, visit, refused), { status: 422 });
    }
  },
});

/** The sessions of a visit, and the form that plans another one. */
export default define.page<typeof handler>(
  function Sessions({ data, state, url }) {
    const { visit, sessions, now, isPast, next } = data;
    const { timeZone } = state;
    const here = `/visits/${visit.id}/telemedicine`;
    const mayCreate = visit.actions.includes("create_session");
    const draft = mayCreate ? data.draft : null;
    const createdId = url.searchParams.get("created");
    const created = sessions.find(({ id }) => id === createdId);
    return (
      <Main width="staff">
        <Crumb href="/visits">Visits</Crumb>
        <VisitHeading visit={visit}>
          <div class="flex flex-wrap items-center gap-3">
            {mayCreate && (
              <form method="get" action={`${here}#create`}>
                <input type="hidden" name="create" value="1" />
                <button
                  type="submit"
                  class="btn btn-quiet"
                  aria-expanded={draft === null ? "false" : "true"}
                >
                  + Create Session
                </button>
              </form>
            )}
            <MessagesLink
              visitId={visit.id}
              unread={data.unread}
              class="btn btn-quiet"
            />
            <a class="btn btn-ghost" href={`/visits/${visit.id}`}>
              Visit details
            </a>
          </div>
        </VisitHeading>
        {!mayCreate && (
          <Note tone="plain" icon="lock" class="mt-6">
            <p>
              The visit is closed. Its sessions stay readable; no session can be
              added.
            </p>
          </Note>
        )}
        <ProblemNote url={url} />
        {created !== undefined && (
          <Note tone="calm" icon="circle-check" role="status" class="mt-6">
            <p>
              <strong>Session created</strong>
              {` for ${moment(created.scheduled_start, timeZone, now)}. ${
                firstName(visit.patient.name)
              } can see it now.`}
            </p>
          </Note>
        )}
        <div
          class={draft === null
            ? "mt-7"
            : "mt-7 grid gap-6 lg:grid-cols-[minmax(0,1fr)_25rem] items-start"}
        >
          {draft !== null && (
            <CreateSessionForm
              draft={draft}
              patient={firstName(visit.patient.name)}
              timeZone={timeZone}
              closeHref={here}
              idempotencyKey={data.idempotencyKey}
            />
          )}
          <section aria-labelledby="sessions">
            <h2 id="sessions" class="mb-3">
              {isPast ? "Older sessions" : "Sessions"}
            </h2>
            <DoctorSessionList
              sessions={sessions}
              visitId={visit.id}
              timeZone={timeZone}
              now={now}
              live={!isPast}
              returnTo={here}
            />
            {next !== null && (
              <p class="mt-4">
                <a
                  class="txt-tap"
                  href={`${here}?cursor=${encodeURIComponent(next)}`}
                >
                  Older sessions
                  <Icon name="chevron-right" class="size-5 rtl:-scale-x-100" />
                </a>
              </p>
            )}
          </section>
        </div>
      </Main>
    );
  },
);
