import type { RouteConfig } from "fresh";
import { viewConsultation } from "@/lib/consultations/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { CommandBody } from "@/lib/sessions/requests.ts";
import { endSession } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/consultations/:id/end_consultation{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    await readJson(req, CommandBody);
    const session = await endSession(state.services, caller, params.id!);
    return Response.json({
      consultation: viewConsultation(session, caller.actor),
    });
  },
});
