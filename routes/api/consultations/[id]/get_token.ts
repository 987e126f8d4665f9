import type { RouteConfig } from "fresh";
import { viewAdmission } from "@/lib/consultations/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { refuseOtherSites } from "@/lib/http/same_origin.ts";
import { secretJson } from "@/lib/http/secret.ts";
import { requestAccess } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/consultations/:id/get_token{/}?",
};

export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const caller = requireCaller(ctx.state);
    refuseOtherSites(ctx);
    const access = await requestAccess(services, caller, ctx.params.id!);
    return secretJson(viewAdmission(access));
  },
});
