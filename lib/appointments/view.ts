import type { PersonRef } from "@/lib/accounts/account.ts";
import type { Visit, VisitStatus } from "@/lib/visits/visit.ts";

/** An appointment as the API shows it: a visit, under the name it has while it is planned. */
export interface AppointmentView {
  /** The visit's id. */
  id: string;
  doctor: PersonRef;
  patient: PersonRef;
  reason: string;
  status: VisitStatus;
  /** Null for a visit that was opened without a time. */
  scheduled_start: string | null;
  created_at: string;
}

/** The visit as an appointment. */
export function viewAppointment(visit: Visit): AppointmentView {
  return {
    id: visit.id,
    doctor: visit.doctor,
    patient: visit.patient,
    reason: visit.reason,
    status: visit.status,
    scheduled_start: visit.plannedStart,
    created_at: visit.createdAt,
  };
}
