import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { ChangeVisitBody } from "@/lib/visits/requests.ts";
import { closeVisit, getVisit } from "@/lib/visits/service.ts";
import { viewVisit } from "@/lib/visits/view.ts";

export const config: RouteConfig = { routeOverride: "/api/v1/visits/:id{/}?" };

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    const visit = await getVisit(state.services, caller, params.id!);
    return Response.json(viewVisit(visit, caller.actor));
  },

  async PATCH({ req, params, state }) {
    const caller = requireCaller(state);
    const { force } = await readJson(req, ChangeVisitBody);
    const visit = await closeVisit(state.services, caller, params.id!, {
      force,
    });
    return Response.json(viewVisit(visit, caller.actor));
  },
});
