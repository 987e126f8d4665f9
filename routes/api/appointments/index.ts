import { CreateAppointmentBody } from "@/lib/appointments/requests.ts";
import { viewAppointment } from "@/lib/appointments/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson, readQuery } from "@/lib/http/input.ts";
import { ListVisitsQuery } from "@/lib/visits/requests.ts";
import { createVisit, listVisits } from "@/lib/visits/service.ts";

export const handler = define.handlers({
  async GET({ state, url }) {
    const caller = requireCaller(state);
    const query = readQuery(url, ListVisitsQuery);
    const { visits, next } = await listVisits(state.services, caller, query);
    return Response.json({ results: visits.map(viewAppointment), next });
  },

  async POST({ req, state }) {
    const caller = requireCaller(state);
    const body = await readJson(req, CreateAppointmentBody);
    const visit = await createVisit(state.services, caller, {
      patientEmail: body.patient_email,
      reason: body.reason,
      plannedStart: new Date(body.scheduled_start),
    });
    return Response.json(viewAppointment(visit), {
      status: 201,
      headers: { location: `/api/appointments/${visit.id}/` },
    });
  },
});
