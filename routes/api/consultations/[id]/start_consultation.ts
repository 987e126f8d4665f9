import type { RouteConfig } from "fresh";
import { viewAdmission, viewConsultation } from "@/lib/consultations/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { secretJson } from "@/lib/http/secret.ts";
import { CommandBody } from "@/lib/sessions/requests.ts";
import { startAndJoin } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/consultations/:id/start_consultation{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    await readJson(req, CommandBody);
    const { session, access } = await startAndJoin(
      state.services,
      caller,
      params.id!,
    );
    return secretJson({
      consultation: viewConsultation(session, caller.actor),
      ...viewAdmission(access),
    });
  },
});
