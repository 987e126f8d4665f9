/**
 * Rule sets, which recording rules and track subscription rules share
 * (https://www.twilio.com/docs/video/api/recording-rules#specifying-recording-rules).
 *
 * @module
 */
import { z } from "zod";
import { type ErrorCode, TwilioFault } from "../errors.ts";

const filters = {
  // The vendor's own tests also send the string.
  all: z.union([z.literal(true), z.literal("true").transform(() => true)]),
  kind: z.enum(["audio", "video", "data"]),
  publisher: z.string().min(1),
  track: z.string().min(1),
};

const rule = z.strictObject({
  type: z.enum(["include", "exclude"]),
  all: filters.all.nullish(),
  kind: filters.kind.nullish(),
  publisher: filters.publisher.nullish(),
  track: filters.track.nullish(),
}).refine(({ all, kind, publisher, track }) => {
  const narrow = [kind, publisher, track].filter((filter) => filter != null);
  return all ? narrow.length === 0 : narrow.length > 0;
}, "`all` stands alone; without it a rule needs another filter");

const rules = z.array(rule).min(1).max(20);

/** One step of a rule set: add to, or take from, what matches so far. */
export type Rule = z.infer<typeof rule>;

/**
 * Reads a rule set from the JSON text of a form parameter.
 *
 * @param code 53120 for recording rules, 53215 for subscribe rules.
 * @throws {TwilioFault} with that code.
 */
export function parseRules(json: string, code: ErrorCode): Rule[] {
  try {
    return rules.parse(JSON.parse(json));
  } catch {
    throw new TwilioFault(code);
  }
}
