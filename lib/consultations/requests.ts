import {
  CreateSessionBody,
  ListSessionsQuery,
} from "@/lib/sessions/requests.ts";

const { visit_id, scheduled_start } = CreateSessionBody.shape;

/** Body of `POST /api/consultations/`. Without a time, it is the appointment's. */
export const CreateConsultationBody = CreateSessionBody
  .omit({ visit_id: true })
  .extend({
    appointment_id: visit_id,
    scheduled_start: scheduled_start.optional(),
  });

/** Query of `GET /api/consultations/`. */
export const ListConsultationsQuery = ListSessionsQuery
  .omit({ visit_id: true })
  .extend({ appointment_id: visit_id.optional() });
