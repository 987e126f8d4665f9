import type { RouteConfig } from "fresh";
import { getCall } from "@/lib/calls/service.ts";
import { viewCall } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/calls/:id{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    const seen = await getCall(state.services, caller, params.id!);
    return Response.json(viewCall(seen, caller.actor));
  },
});
