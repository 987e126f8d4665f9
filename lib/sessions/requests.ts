import { z } from "zod";
import { isRecordId } from "@/lib/kv/record_id.ts";
import { SessionStatus } from "@/lib/sessions/session.ts";

/** How long notes may be, in UTF-16 units. */
export const NOTES_MAX = 4000;

/** A record's id as it comes in from outside. */
export const RecordId = z.string().refine(isRecordId, "is not an id");

/** Text that can be stored and found again: lone surrogates would make different keys equal. */
const text = (max: number) =>
  z.string().max(max, `has more than ${max} characters`)
    .refine((value) => value.isWellFormed(), "is not well-formed Unicode");

/** Body of `POST /api/v1/telemedicine/`. */
export const CreateSessionBody = z.strictObject({
  visit_id: RecordId,
  /** ISO 8601 with an offset or Z. */
  scheduled_start: z.iso.datetime({
    offset: true,
    error: "is not a date and time with its offset, e.g. 2026-11-26T10:30:00Z",
  }),
  recording_enabled: z.boolean().default(false),
  voice_only: z.boolean().default(false),
  notes: text(NOTES_MAX).default(""),
});

/** Body of `PATCH /api/v1/telemedicine/{id}/`; what is not given stays. */
export const EditSessionBody = CreateSessionBody
  .pick({ scheduled_start: true, notes: true }).partial();

/** Query of `GET /api/v1/telemedicine/`. */
export const ListSessionsQuery = z.strictObject({
  visit_id: RecordId.optional(),
  status: SessionStatus.optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.string().max(500).optional(),
});

/** Query of `GET /api/v1/telemedicine/events/`. */
export const SessionEventsQuery = z.strictObject({
  visit_id: RecordId.optional(),
});

/** Body of `POST /api/v1/telemedicine/token/`. */
export const TokenBody = z.strictObject({ session_id: RecordId });

/**
 * Query of `GET /api/video/token`, once both are there. What they name is
 * compared with the login and the records, and never copied from.
 */
export const TokenByRoomQuery = z.object({
  roomName: z.string().regex(/^[A-Za-z0-9_-]{16,128}$/, "is no room's name"),
  identity: z.string().max(128, "has more than 128 characters")
    .refine((value) => value.isWellFormed(), "is not well-formed Unicode"),
});

/** Body of `POST /api/v1/telemedicine/{id}/video_answer/`. */
export const VideoAnswerBody = z.strictObject({ accepted: z.boolean() });

/** Body of the commands (`start/`, `end/`, `cancel/`, `video_offer/`), which need nothing said. */
export const CommandBody = z.strictObject({});

/** Body of `leave/`. `closed`: the page was, and its person may come back; else they left on purpose. */
export const LeaveBody = z.strictObject({ closed: z.boolean().optional() });
