import type { RouteConfig } from "fresh";
import { acceptCall } from "@/lib/calls/service.ts";
import { viewCall } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { CommandBody } from "@/lib/sessions/requests.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/calls/:id/accept{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    await readJson(req, CommandBody);
    const { call, session } = await acceptCall(
      state.services,
      caller,
      params.id!,
    );
    return Response.json({
      call: viewCall(call, caller.actor),
      session: viewSession(session, caller.actor),
    });
  },
});
