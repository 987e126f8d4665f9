import { z } from "zod";
import { VisitStatus } from "@/lib/visits/visit.ts";

/** How long the reason of a visit may be. */
export const REASON_MAX = 300;

/** Body of `POST /api/v1/visits/`. */
export const CreateVisitBody = z.strictObject({
  patient_email: z.email("is not an email address").max(254),
  reason: z.string().trim().min(1, "is missing").max(REASON_MAX)
    .refine((value) => value.isWellFormed(), "is not well-formed Unicode"),
});

/** Body of `PATCH /api/v1/visits/{id}/`: closing is all that can be changed. */
export const ChangeVisitBody = z.strictObject({
  status: z.literal("CLOSED"),
  /** End a session that is running, rather than refuse. */
  force: z.boolean().default(false),
});

/** Query of `GET /api/v1/visits/`. */
export const ListVisitsQuery = z.strictObject({
  status: VisitStatus.optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.string().max(500).optional(),
});
