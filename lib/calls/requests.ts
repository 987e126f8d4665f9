import { z } from "zod";
import { CallMode, Urgency } from "@/lib/calls/call_request.ts";
import { REASON_MAX } from "@/lib/visits/requests.ts";

const Specialty = z.string().regex(
  /^[a-z][a-z0-9-]{0,39}$/,
  'is not a name in lower case, e.g. "dermatology"',
);
const Language = z.string().regex(
  /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/,
  'is not a language tag, e.g. "es"',
);

/** Body of `POST /api/v1/calls/`. */
export const RequestCallBody = z.strictObject({
  mode: CallMode,
  reason: z.string().trim()
    .max(REASON_MAX, `has more than ${REASON_MAX} characters`)
    .refine((value) => value.isWellFormed(), "is not well-formed Unicode")
    .default(""),
  urgency: Urgency.default("routine"),
  specialty: Specialty.nullable().default(null),
  language: Language.nullable().default(null),
});

/** Body of `PUT /api/v1/calls/availability/`; skills that are not given stay. */
export const AvailabilityBody = z.strictObject({
  available: z.boolean(),
  specialties: z.array(Specialty).max(20).optional(),
  languages: z.array(Language).max(20).optional(),
});

/** Query of `GET /api/v1/calls/`. Pages are of a patient's own requests; the queue is always whole. */
export const ListCallsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.string().max(500).optional(),
});
