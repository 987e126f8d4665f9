import type { CallRequest } from "@/lib/calls/call_request.ts";
import type { DoctorOnDuty } from "@/lib/calls/doctors.ts";

/** Who waits, who could answer, and how it went of late. */
export interface Queue {
  /** Every request that waits. */
  calls: CallRequest[];
  /** Every doctor who takes calls. */
  doctors: DoctorOnDuty[];
  /** How long the last calls took, in seconds from the acceptance to the end. */
  serviceSeconds: number[];
}
