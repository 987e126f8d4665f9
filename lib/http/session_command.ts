import type { Context } from "fresh";
import type { Caller } from "@/lib/accounts/account.ts";
import type { State } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import type { Services } from "@/lib/services.ts";
import { CommandBody } from "@/lib/sessions/requests.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { viewSession } from "@/lib/sessions/view.ts";

/** A use case that needs nothing but who asks and which session. */
export type SessionCommand = (
  services: Services,
  caller: Caller,
  id: string,
) => Promise<Session>;

/** Carries out the command on the session in the path and answers the session as it is then. */
export async function answerCommand(
  { req, params, state }: Context<State>,
  command: SessionCommand,
): Promise<Response> {
  const caller = requireCaller(state);
  await readJson(req, CommandBody);
  const session = await command(state.services, caller, params.id!);
  return Response.json(viewSession(session, caller.actor));
}
