import { z } from "zod";
import { isRecordId } from "@/lib/kv/record_id.ts";
import { isVisible, TEXT_MAX, tidyText } from "@/lib/messages/text.ts";

const MessageId = z.string().refine(isRecordId, "is no message's id");

/** Body of `POST /api/v1/visits/{id}/messages/`. */
export const SendMessageBody = z.strictObject({
  text: z.string("is missing").overwrite(tidyText)
    .refine(isVisible, "is empty")
    .max(TEXT_MAX, `is longer than ${TEXT_MAX} characters`)
    .refine((value) => value.isWellFormed(), "is not well-formed Unicode"),
});

/** Body of `POST /api/v1/visits/{id}/messages/read/`. */
export const ReadMessagesBody = z.strictObject({ up_to: MessageId });

/** Query of `GET /api/v1/visits/{id}/messages/`. */
export const ListMessagesQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: MessageId.optional(),
});
