import type { RouteConfig } from "fresh";
import { viewAdmission } from "@/lib/consultations/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { secretJson } from "@/lib/http/secret.ts";
import { CommandBody } from "@/lib/sessions/requests.ts";
import { requestAccessAsPatient } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/consultations/:id/join_consultation{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    await readJson(req, CommandBody);
    const access = await requestAccessAsPatient(
      state.services,
      caller,
      params.id!,
    );
    return secretJson(viewAdmission(access));
  },
});
