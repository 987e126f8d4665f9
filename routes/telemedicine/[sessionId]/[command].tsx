import { page } from "fresh";
import type { Caller } from "@/lib/accounts/account.ts";
import { define } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readFields } from "@/lib/http/input.ts";
import { authorize } from "@/lib/sessions/policy.ts";
import {
  cancelSession,
  endSession,
  getSession,
  leaveSession,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { confirmation, isFinal } from "@/lib/ui/confirmations.ts";
import { ConfirmPage } from "@/lib/ui/ConfirmPage.tsx";
import { localPath, withParam } from "@/lib/ui/local_path.ts";

/** The commands of a session as forms send them. */
const COMMANDS = {
  start: startSession,
  end: endSession,
  cancel: cancelSession,
  leave: leaveSession,
};

type Command = keyof typeof COMMANDS;

function commandOf(name: string | undefined): Command {
  if (name !== undefined && Object.hasOwn(COMMANDS, name)) {
    return name as Command;
  }
  throw new AppError("not_found", "There is no such command");
}

/** The list that the caller sees the session in. */
function listOf({ actor }: Caller, session: Session): string {
  return actor.role === "doctor"
    ? `/visits/${session.visitId}/telemedicine`
    : "/patient-portal/telemedicine";
}

/** Refusals that the list can show beside the current state; others have a page of their own. */
function isForTheList(error: unknown): error is AppError {
  return error instanceof AppError &&
    (error.status === 409 || error.status >= 502);
}

export const handler = define.handlers({
  /** Asks before what cannot be undone. */
  async GET(ctx) {
    const { services } = ctx.state;
    const command = commandOf(ctx.params.command);
    if (!isFinal(command)) {
      throw new AppError("not_found", "This is not a page");
    }
    const caller = requireCaller(ctx.state);
    const session = await getSession(services, caller, ctx.params.sessionId!);
    authorize(caller.actor, command, session);
    const returnTo = localPath(
      ctx.url.searchParams.get("return_to"),
      listOf(caller, session),
    );
    const question = confirmation(command, viewSession(session, caller.actor));
    ctx.state.title = question.title;
    return page({ question, returnTo });
  },

  async POST(ctx) {
    const { services } = ctx.state;
    const command = commandOf(ctx.params.command);
    const caller = requireCaller(ctx.state);
    const id = ctx.params.sessionId!;
    const fields = await readFields(ctx.req);
    const session = await getSession(services, caller, id);
    const list = localPath(fields.return_to, listOf(caller, session));
    try {
      await COMMANDS[command](services, caller, id);
    } catch (error) {
      if (!isForTheList(error)) throw error;
      return ctx.redirect(withParam(list, "problem", error.code), 303);
    }
    return ctx.redirect(
      command === "leave" ? withParam(list, "left", id) : list,
      303,
    );
  },
});

/** The question before ending or cancelling, where no script runs. */
export default define.page<typeof handler>(function Confirm({ data }) {
  const { question, returnTo } = data;
  return (
    <ConfirmPage confirmation={question} backHref={returnTo}>
      <input type="hidden" name="return_to" value={returnTo} />
    </ConfirmPage>
  );
});
