import type { RouteConfig } from "fresh";
import { viewAppointment } from "@/lib/appointments/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { getVisit } from "@/lib/visits/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/appointments/:id{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    const visit = await getVisit(state.services, caller, params.id!);
    return Response.json(viewAppointment(visit));
  },
});
