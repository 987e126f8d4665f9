import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { getSession } from "@/lib/sessions/service.ts";
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
});
