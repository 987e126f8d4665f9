import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { ConsentBody } from "@/lib/recordings/requests.ts";
import { giveConsent } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/consent{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    const { granted, text_version: textVersion } = await readJson(
      req,
      ConsentBody,
    );
    const session = await giveConsent(state.services, caller, params.id!, {
      granted,
      textVersion,
    });
    return Response.json(viewSession(session, caller.actor));
  },
});
