import type { Role } from "@/lib/accounts/account.ts";
import type { ErrorCode } from "@/lib/errors.ts";

/** Everything that is recorded, as `noun.verb`. */
export const AUDIT_ACTIONS = [
  "sign_in.success",
  "sign_in.failure",
  "sign_in.throttled",
  "sign_out",
  "visit.create",
  "visit.close",
  "message.send",
  "message.read",
  "session.create",
  "session.start_requested",
  "session.start",
  "session.start_failed",
  "session.token",
  "session.join",
  "session.leave",
  "session.end",
  "session.cancel",
  "session.start_expired",
  "session.roster",
  "session.intruder",
  "session.intruder_removed",
  "session.edit",
  "session.consent",
  "session.video_offer",
  "session.video_answer",
  "session.room_moved",
  "session.move_given_up",
  "session.past_room_closed",
  "session.past_room_given_up",
  "session.room_closed",
  "session.room_close_given_up",
  "session.room_found",
  "session.room_reopened",
  "recording.switch",
  "recording.compose",
  "recording.settle",
  "recording.fail",
  "recording.view",
  "recording.delete",
  "recording.erase",
  "room.orphan_closed",
  "call.request",
  "call.offer",
  "call.pass",
  "call.withdraw",
  "call.return",
  "call.decline",
  "call.accept",
  "call.cancel",
  "call.widen",
  "call.expire",
  "availability.set",
  "availability.stop",
  "access.denied",
] as const;
/** Everything that is recorded, as `noun.verb`. */
export type AuditAction = typeof AUDIT_ACTIONS[number];

/** Who did it. `system` is the app itself; `video` the video service by its signed callback. */
export interface AuditActor {
  id: string;
  role: Role | "system" | "video" | "anonymous";
  /** The sign-in it was done from, as a hash; null outside of one. */
  signInId: string | null;
}

/** What it was done to. */
export interface AuditTarget {
  type: "session" | "visit" | "call" | "account" | "room" | "route";
  id: string;
}

/** What the writer of an entry says; the chain adds the rest. */
export interface AuditFacts {
  at: string;
  actor: AuditActor;
  action: AuditAction;
  outcome: "success" | "denied" | "error";
  /** The refusal, unless it succeeded. */
  code: ErrorCode | null;
  target: AuditTarget;
  visitId: string | null;
  patientId: string | null;
  /** The status before and after, where it changed. */
  change: { from: string; to: string } | null;
  /** An identifier that says more, e.g. an end reason or a seat; never free text. */
  reason: string | null;
  requestId: string;
}

/**
 * One line of the audit log (a FHIR AuditEvent). `hash` is SHA-256 over 0x00
 * and the canonical JSON (RFC 8785) of everything else; `prev` is the hash of
 * the entry before it in the same chain, 64 zeros for the first.
 */
export interface AuditEntry extends Omit<AuditFacts, "at"> {
  v: 1;
  /** A ULID. */
  id: string;
  /**
   * `s:`session, `v:`visit, `m:`messages of a visit, `c:`call request,
   * `u:`account, `deny:`shard, or `sys`.
   */
  chain: string;
  /** From 1, without gaps. */
  seq: number;
  prev: string;
  /** UTC, to the millisecond. */
  ts: string;
  /** SHA-256 of the salted address and user agent, which are kept aside so that they can be erased; null if there are none. */
  piiHash: string | null;
  hash: string;
}

/** The `prev` of a chain's first entry. */
export const GENESIS = "0".repeat(64);
