import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { deleteRecording } from "@/lib/recordings/service.ts";
import { viewRecording } from "@/lib/recordings/view.ts";
import { CommandBody } from "@/lib/sessions/requests.ts";
import { getSession } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/recording{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    const session = await getSession(state.services, caller, params.id!);
    return Response.json(viewRecording(session, caller.actor));
  },

  async DELETE({ req, params, state }) {
    const caller = requireCaller(state);
    await readJson(req, CommandBody);
    const session = await deleteRecording(state.services, caller, params.id!);
    return Response.json(viewRecording(session, caller.actor));
  },
});
