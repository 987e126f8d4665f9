import type { RouteConfig } from "fresh";
import { WidenBody } from "@/lib/calls/requests.ts";
import { widenCall } from "@/lib/calls/service.ts";
import { viewCall } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/calls/:id/widen{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    const { keep_language: keepLanguage } = await readJson(req, WidenBody);
    const seen = await widenCall(state.services, caller, params.id!, {
      keepLanguage,
    });
    return Response.json(viewCall(seen, caller.actor));
  },
});
