import { findFault } from "@/lib/audit/chain.ts";
import type { AuditEntry } from "@/lib/audit/entry.ts";
import { type Availability, UNANSWERED_MAX } from "@/lib/calls/availability.ts";
import type { CallRequest } from "@/lib/calls/call_request.ts";
import { isGivenUp, isToReturn, RETURNS_MAX } from "@/lib/calls/returning.ts";
import { replay, type Violation } from "@/lib/invariants/rules.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** What is stored of one call request, and what it refers to. */
export interface StoredCall {
  call: CallRequest;
  /** Its audit entries, oldest first. */
  chain: readonly AuditEntry[];
  visit: Visit | null;
  session: Session | null;
  /** The id of the patient's last request. */
  lastId: string | null;
  /** The id of the session whose end is still to be looked at, or null. */
  underWayId: string | null;
  /** Whether the account at whom it rings is a doctor's; null: it rings nowhere. */
  ringsAtDoctor: boolean | null;
}

/**
 * What a call request owes, besides I1 to I3 of sessions:
 *
 * - I9 it rings only while it waits, and only at doctors; whoever waits does so once;
 * - I10 ACCEPTED means: a visit and a session of this patient with the doctor
 *   who took it, that came of a call; while that may send it back to its place
 *   in line this is noted; twice at most it does.
 */
export function callViolations(
  { call, chain, visit, session, lastId, underWayId, ringsAtDoctor }:
    StoredCall,
): Violation[] {
  const found: Violation[] = [];
  const rule = (invariant: string, holds: boolean, what: string) => {
    if (!holds) found.push({ invariant, where: call.id, what });
  };
  const { status, rev, acceptedBy, patient } = call;
  rule("I1", rev === call.auditSeq, `rev ${rev}, audit ${call.auditSeq}`);
  const fault = findFault(chain, call);
  rule("I2", fault === null, `${fault?.fault} at entry ${fault?.seq}`);
  const told = replay(
    chain,
    (end) => end === "CANCELLED" || end === "EXPIRED",
  );
  rule("I3", told === status, `the entries end ${told}, the record ${status}`);
  rule("I9", call.offer === null || status === "WAITING", "rings, and is over");
  rule("I9", ringsAtDoctor !== false, "rings at somebody who is no doctor");
  rule("I9", status !== "WAITING" || lastId === call.id, "waits twice");
  const { returns, sessionId } = call;
  rule("I10", returns <= RETURNS_MAX, `went back ${returns} times`);
  const isNoted = underWayId !== null;
  rule(
    "I10",
    !isNoted || underWayId === sessionId,
    "another call is under way",
  );
  const mayReturn = status === "ACCEPTED" && session !== null &&
    (isOver(session.status)
      ? isToReturn(call, session) || isGivenUp(call, session)
      : returns < RETURNS_MAX);
  rule("I10", isNoted || !mayReturn, "is lost");
  if (status === "ACCEPTED") {
    for (const what of [visit, session]) {
      const holds = what !== null && what.patient.id === patient.id &&
        what.doctor.id === acceptedBy?.id;
      rule("I10", holds, "has become nothing, or something else");
    }
    rule("I10", session?.visitId === call.visitId, "session of another visit");
    rule("I10", session?.onDemand === true, "became a planned session");
  } else {
    const nothing = acceptedBy === null && call.visitId === null &&
      call.sessionId === null;
    rule("I10", nothing, "has become something without being accepted");
  }
  return found;
}

/** I14: whoever is in a call on demand is in nothing else. `live`: the doctor's sessions that run, and those on demand that are not over. */
export function doctorViolations(
  doctorId: string,
  live: readonly Pick<Session, "id" | "onDemand">[],
): Violation[] {
  const isFine = live.length < 2 || !live.some(({ onDemand }) => onDemand);
  const what = `is in ${live.map(({ id }) => id).join(" and ")} at once`;
  return isFine ? [] : [{ invariant: "I14", where: doctorId, what }];
}

/** What is stored of whether a doctor takes calls, and what it refers to. */
export interface StoredAvailability {
  /** In today's layout. */
  availability: Availability;
  isDoctor: boolean;
  /** The audit entries of the doctor's account, oldest first. */
  chain: readonly AuditEntry[];
}

/**
 * What a doctor's availability owes:
 *
 * - I13 only doctors take calls, and only such as have not let too many pass
 *   in a row; whom the app has switched off does not; the entries tell how it
 *   came to be so.
 */
export function availabilityViolations(
  { availability, isDoctor, chain }: StoredAvailability,
): Violation[] {
  const { doctor, available, unanswered, stopped } = availability;
  const found: Violation[] = [];
  const rule = (holds: boolean, what: string) => {
    if (!holds) found.push({ invariant: "I13", where: doctor.id, what });
  };
  rule(isDoctor, "somebody who is no doctor takes calls");
  if (available) {
    rule(unanswered < UNANSWERED_MAX, "lets all calls pass, and takes more");
    rule(stopped === null, "is stopped, and takes calls");
  } else {
    const count = stopped === null ? 0 : UNANSWERED_MAX;
    rule(unanswered === count, `${unanswered} unanswered, not ${count}`);
  }
  const told = chain.filter(({ action }) => action.startsWith("availability."))
    .findLast(({ change }) => change !== null);
  const state = told?.change?.to ?? "off";
  rule(state === (available ? "on" : "off"), `the entries end ${state}`);
  const isTold = told?.action === "availability.stop";
  rule(isTold === (stopped !== null), "stopped or not");
  return found;
}

/** What has to be stored because of a call request (I8): key and value. */
export function expectedCallEntries(
  { id, status, patient, offer, decidedAt }: CallRequest,
): [invariant: string, key: string[], value: unknown][] {
  const expected: [string, string[], unknown][] = [
    ["I8", ["calls_by_patient", patient.id, id], { id, status }],
  ];
  if (status === "WAITING") expected.push(["I8", ["call_waiting", id], id]);
  if (offer !== null) {
    expected.push(["I8", ["call_offer", offer.doctorId], id]);
  }
  if (status === "ACCEPTED") {
    expected.push(["I8", ["call_accepted", decidedAt!, id], id]);
  }
  return expected;
}
