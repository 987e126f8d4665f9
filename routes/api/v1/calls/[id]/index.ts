import type { RouteConfig } from "fresh";
import { noteWaitingPatient } from "@/lib/calls/presence_service.ts";
import { getCall } from "@/lib/calls/service.ts";
import { viewCall } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/calls/:id{/}?",
};

export const handler = define.handlers({
  /** Asked for again and again it also says that the patient is there. */
  async GET({ params, state }) {
    const caller = requireCaller(state);
    const seen = await getCall(state.services, caller, params.id!);
    await noteWaitingPatient(state.services, caller, seen.call);
    return Response.json(viewCall(seen, caller.actor));
  },
});
