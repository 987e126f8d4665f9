/**
 * Rule sets, which recording rules and track subscription rules share
 * (https://www.twilio.com/docs/video/api/recording-rules#specifying-recording-rules,
 * https://www.twilio.com/docs/video/api/track-subscriptions#specifying-subscribe-rules).
 *
 * @module
 */
import { z } from "zod";
import { type ErrorCode, TwilioFault } from "../errors.ts";
import type { TrackKind } from "./records.ts";

/** Most rules of one set. */
const MAX_RULES = 20;

const rule = z.strictObject({
  type: z.enum(["include", "exclude"]),
  // The vendor's own tests also send the string.
  all: z.union([z.literal(true), z.literal("true")]).nullish(),
  kind: z.enum(["audio", "video", "data"]).nullish(),
  publisher: z.string().min(1).nullish(),
  track: z.string().min(1).nullish(),
  // In every answer and never set: clients send back what they were shown.
  priority: z.null().optional(),
}).refine(({ all, kind, publisher, track }) => {
  const narrow = [kind, publisher, track].filter((filter) => filter != null);
  return all ? narrow.length === 0 : narrow.length > 0;
}, "`all` stands alone; without it a rule needs another filter")
  .transform(({ type, all, kind, publisher, track }): Rule => ({
    type,
    ...(all ? { all: true } : {}),
    ...(kind ? { kind } : {}),
    ...(publisher ? { publisher } : {}),
    ...(track ? { track } : {}),
  }));

/** A rule set in JSON, as REST and signalling carry it. */
export const subscribeRules: z.ZodType<readonly Rule[]> = z.array(rule).min(1)
  .max(MAX_RULES);

// Data tracks are never recorded.
const recordingRules = subscribeRules
  .refine((rules) => rules.every(({ kind }) => kind !== "data"));

/** One step of a rule set: add to, or take from, the tracks so far. Its filters must all match. */
export interface Rule {
  readonly type: "include" | "exclude";
  /** Every track; then there is no other filter. */
  readonly all?: true;
  readonly kind?: TrackKind;
  /** Identity or SID of a participant. */
  readonly publisher?: string;
  /** Name or SID of a track. */
  readonly track?: string;
}

/** A track, as rules see it. */
export interface RuleSubject {
  readonly sid: string;
  readonly name: string;
  readonly kind: TrackKind;
  readonly publisher: { readonly sid: string; readonly identity: string };
}

/** Include everything: what a participant is subscribed to by default. */
export const EVERYTHING: readonly Rule[] = [{ type: "include", all: true }];

/** Exclude everything: what is recorded by default. */
export const NOTHING: readonly Rule[] = [{ type: "exclude", all: true }];

/**
 * Reads a rule set from the JSON text of a form parameter.
 *
 * @param code 53120 for recording rules, 53215 for subscribe rules.
 * @throws {TwilioFault} with that code.
 */
export function parseRules(
  json: string,
  code: ErrorCode & (53120 | 53215),
): readonly Rule[] {
  const schema = code === 53120 ? recordingRules : subscribeRules;
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    throw new TwilioFault(code);
  }
}

/**
 * Whether a rule set selects a track: the rules are worked off in order, and
 * the last one that matches decides.
 *
 * @param initially Whether the track is selected before the first rule.
 */
export function selects(
  rules: readonly Rule[],
  track: RuleSubject,
  initially = false,
): boolean {
  const last = rules.findLast((rule) => matches(rule, track));
  return last ? last.type === "include" : initially;
}

/**
 * Whether there could be a track that a rule set selects. It decides what a
 * client is told in `room.isRecording`.
 */
export function canSelect(
  rules: readonly Rule[],
  initially = false,
): boolean {
  const reset = rules.findLastIndex(({ all }) => all);
  if (reset >= 0 && rules[reset]!.type === "include") return true;
  return (reset < 0 && initially) ||
    rules.slice(reset + 1).some(({ type }) => type === "include");
}

function matches(
  { all, kind, publisher, track }: Rule,
  subject: RuleSubject,
): boolean {
  if (all) return true;
  const { sid, identity } = subject.publisher;
  return (!kind || kind === subject.kind) &&
    (!publisher || publisher === sid || publisher === identity) &&
    (!track || track === subject.sid || track === subject.name);
}
