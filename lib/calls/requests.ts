import { z } from "zod";
import { CallMode, Urgency } from "@/lib/calls/call_request.ts";
import { canonicalLanguage, SKILLS_MAX } from "@/lib/calls/skills.ts";
import { REASON_MAX } from "@/lib/visits/requests.ts";

const Specialty = z.string().regex(
  /^[a-z][a-z0-9-]{0,39}$/,
  'is not a name in lower case, e.g. "dermatology"',
);
const Language = z.string().max(35)
  .refine(
    (tag) => canonicalLanguage(tag) !== null,
    'is not a language tag, e.g. "es"',
  )
  // Written in one way, so that it can be compared.
  .overwrite((tag) => canonicalLanguage(tag) ?? tag);

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
  specialties: z.array(Specialty).max(SKILLS_MAX).optional(),
  languages: z.array(Language).max(SKILLS_MAX).optional(),
});

/** What a doctor's page of skills sends: those alone, and all of them. */
export const SkillsBody = AvailabilityBody
  .pick({ specialties: true, languages: true }).required();

/** Body of `POST /api/v1/calls/{id}/widen/`. */
export const WidenBody = z.strictObject({
  /** Whether the doctor still has to speak the language. */
  keep_language: z.boolean().default(false),
});

/** Query of `GET /api/v1/calls/`. Pages are of a patient's own requests; the queue is always whole. */
export const ListCallsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.string().max(500).optional(),
});
