import {
  acceptCall,
  cancelCall,
  declineCall,
  widenCall,
} from "@/lib/calls/service.ts";
import type { Caller } from "@/lib/accounts/account.ts";
import { define } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readFields } from "@/lib/http/input.ts";
import type { Services } from "@/lib/services.ts";
import { withParam } from "@/lib/ui/local_path.ts";

const QUEUE = "/doctor/queue";

/** A command of a form. Answers where it leads. */
type Command = (
  services: Services,
  caller: Caller,
  id: string,
  fields: Readonly<Record<string, string>>,
) => Promise<string>;

const COMMANDS: Record<
  string,
  { run: Command; refused: (id: string) => string }
> = {
  accept: {
    run: async (services, caller, id) => {
      const { session } = await acceptCall(services, caller, id);
      return `/telemedicine/${session.id}`;
    },
    refused: () => QUEUE,
  },
  decline: {
    run: async (services, caller, id) => {
      await declineCall(services, caller, id);
      return QUEUE;
    },
    refused: () => QUEUE,
  },
  cancel: {
    run: async (services, caller, id) => {
      await cancelCall(services, caller, id);
      return `/calls/${id}`;
    },
    // A doctor was faster: the page leads into the call.
    refused: (id) => `/calls/${id}`,
  },
  widen: {
    run: async (services, caller, id, { keep_language }) => {
      await widenCall(services, caller, id, {
        keepLanguage: keep_language !== undefined,
      });
      return `/calls/${id}`;
    },
    refused: (id) => `/calls/${id}`,
  },
};

export const handler = define.handlers({
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const { id, command } = ctx.params as { id: string; command: string };
    if (!Object.hasOwn(COMMANDS, command)) {
      throw new AppError("not_found", "There is no such command");
    }
    const { run, refused } = COMMANDS[command]!;
    const fields = await readFields(ctx.req);
    try {
      const to = await run(ctx.state.services, caller, id, fields);
      return ctx.redirect(to, 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.status !== 409) throw error;
      return ctx.redirect(withParam(refused(id), "problem", error.code), 303);
    }
  },
});
