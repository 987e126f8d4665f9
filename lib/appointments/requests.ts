import { CreateSessionBody } from "@/lib/sessions/requests.ts";
import { CreateVisitBody } from "@/lib/visits/requests.ts";

/** Body of `POST /api/appointments/`: a visit, and for when it is planned. */
export const CreateAppointmentBody = CreateVisitBody.extend({
  scheduled_start: CreateSessionBody.shape.scheduled_start,
});
