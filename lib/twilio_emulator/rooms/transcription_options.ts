/**
 * Configuration of a room's transcription: its checks
 * (https://www.twilio.com/docs/video/api/transcriptions-resource).
 *
 * @module
 */
import { z } from "zod";
import { TwilioFault } from "../errors.ts";

/** The keys that were given. Every value is text, as Twilio answers it. */
export type TranscriptionConfiguration = Readonly<Record<string, string>>;

const MAX_HINTS = 500;
const MAX_HINT = 100;

const MODELS: Readonly<Record<string, readonly string[]>> = {
  google: [
    "telephony",
    "telephony_short",
    "long",
    "short",
    "medical_conversation",
    "medical_dictation",
    "chirp",
    "chirp_telephony",
  ],
  deepgram: ["nova-3", "nova-3-medical", "nova-2"],
};

const text = z.union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value));
const word = z.union([z.boolean(), z.enum(["true", "false"])])
  .transform((value) => String(value));

const configuration = z.object({
  transcriptionEngine: z.enum(["google", "deepgram"]).optional(),
  speechModel: z.string().optional(),
  languageCode: z.string().regex(/^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*|multi)$/)
    .optional(),
  partialResults: word.optional(),
  profanityFilter: word.optional(),
  enableAutomaticPunctuation: word.optional(),
  hints: z.string().refine((hints) => {
    const phrases = hints.split(",");
    return phrases.length <= MAX_HINTS &&
      phrases.every((phrase) => phrase.trim().length <= MAX_HINT);
  }).optional(),
  // What Twilio adds one day must not break a test here.
}).catchall(text);

/**
 * Reads a configuration from the JSON text of a form parameter. A text that
 * is not given is an empty configuration: the engine's defaults.
 *
 * @param before What it is merged into.
 * @throws {TwilioFault} 20001 naming the parameter.
 */
export function parseTranscriptionConfiguration(
  json: string | null,
  parameter: string,
  before: TranscriptionConfiguration = {},
): TranscriptionConfiguration {
  if (!json) return before;
  try {
    const given = configuration.parse(JSON.parse(json));
    const merged = { ...before, ...dropUndefined(given) };
    if (isConsistent(merged)) return merged;
  } catch {
    // Said below.
  }
  throw new TwilioFault(20001, `Invalid ${parameter}`);
}

/** Whether the keys fit together. */
function isConsistent(merged: TranscriptionConfiguration): boolean {
  const engine = merged.transcriptionEngine ?? "google";
  const model = merged.speechModel ?? MODELS[engine]![0]!;
  if (!MODELS[engine]!.includes(model)) return false;
  if (merged.languageCode === "multi" && model !== "nova-3") return false;
  return model !== "medical_conversation" ||
    merged.enableAutomaticPunctuation !== "false";
}

function dropUndefined(
  given: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] =>
      entry[1] !== undefined
    ),
  );
}
