import { z } from "zod";
import { CONSENT_VERSIONS } from "@/lib/recordings/consent_version.ts";
import { SEATS } from "@/lib/sessions/session.ts";

/** Body of `POST /api/v1/telemedicine/{id}/consent/`. */
export const ConsentBody = z.strictObject({
  granted: z.boolean(),
  /** The text that was shown. */
  text_version: z.enum(CONSENT_VERSIONS),
});

/** Query of `GET /api/v1/telemedicine/{id}/recording/{part}/media/`. */
export const MediaQuery = z.strictObject({
  /** From 1; there are more if the call moved to another room. */
  section: z.coerce.number().int().min(1).max(100).default(1),
});

/** Whose part of a recording, in a path. */
export const Part = z.enum(SEATS);
