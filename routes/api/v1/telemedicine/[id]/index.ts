import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { EditSessionBody } from "@/lib/sessions/requests.ts";
import { editSession, getSession } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    const session = await getSession(state.services, caller, params.id!);
    return Response.json(viewSession(session, caller.actor));
  },

  async PATCH({ req, params, state }) {
    const caller = requireCaller(state);
    const { scheduled_start, notes } = await readJson(req, EditSessionBody);
    const session = await editSession(state.services, caller, params.id!, {
      ...(scheduled_start === undefined
        ? {}
        : { scheduledStart: new Date(scheduled_start) }),
      notes,
    });
    return Response.json(viewSession(session, caller.actor));
  },
});
