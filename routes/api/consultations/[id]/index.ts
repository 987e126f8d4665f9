import type { RouteConfig } from "fresh";
import { viewConsultation } from "@/lib/consultations/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { getSession } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/consultations/:id{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    const session = await getSession(state.services, caller, params.id!);
    return Response.json(viewConsultation(session, caller.actor));
  },
});
