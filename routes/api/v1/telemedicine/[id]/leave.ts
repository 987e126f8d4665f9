import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { LeaveBody } from "@/lib/sessions/requests.ts";
import { leaveSession } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/leave{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    const { closed = false } = await readJson(req, LeaveBody);
    const session = await leaveSession(state.services, caller, params.id!, {
      isOnPurpose: !closed,
    });
    return Response.json(viewSession(session, caller.actor));
  },
});
