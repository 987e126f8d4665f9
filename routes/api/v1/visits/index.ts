import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson, readQuery } from "@/lib/http/input.ts";
import { CreateVisitBody, ListVisitsQuery } from "@/lib/visits/requests.ts";
import { createVisit, listVisits } from "@/lib/visits/service.ts";
import { viewVisit } from "@/lib/visits/view.ts";

export const handler = define.handlers({
  async GET({ state, url }) {
    const caller = requireCaller(state);
    const query = readQuery(url, ListVisitsQuery);
    const { visits, next } = await listVisits(state.services, caller, query);
    const results = visits.map((visit) => viewVisit(visit, caller.actor));
    return Response.json({ results, next });
  },

  async POST({ req, state }) {
    const caller = requireCaller(state);
    const { patient_email, reason } = await readJson(req, CreateVisitBody);
    const visit = await createVisit(state.services, caller, {
      patientEmail: patient_email,
      reason,
    });
    return Response.json(viewVisit(visit, caller.actor), {
      status: 201,
      headers: { location: `/api/v1/visits/${visit.id}/` },
    });
  },
});
