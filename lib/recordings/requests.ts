import { z } from "zod";
import { CONSENT_VERSIONS } from "@/lib/recordings/consent_text.ts";
import { SEATS } from "@/lib/sessions/session.ts";

/** Body of `POST /api/v1/telemedicine/{id}/consent/`. */
export const ConsentBody = z.strictObject({
  granted: z.boolean(),
  /** The text that was shown. */
  text_version: z.enum(CONSENT_VERSIONS),
});

/** Whose part of a recording, in a path. */
export const Part = z.enum(SEATS);
