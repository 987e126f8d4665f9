import { type ChainHead, findFault } from "@/lib/audit/chain.ts";
import type { AuditEntry } from "@/lib/audit/entry.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import type { Visit } from "@/lib/visits/visit.ts";

/** Something stored that contradicts something else. */
export interface Violation {
  /** `I1` to `I14`, as the rules here and beside are numbered. */
  invariant: string;
  /** The record's id, or the key as JSON. */
  where: string;
  what: string;
}

/** What is stored of one session besides its indexes. */
export interface StoredSession {
  session: Session;
  /** Its audit entries, oldest first. */
  chain: readonly AuditEntry[];
}

/**
 * What a session and its history owe each other:
 *
 * - I1 the revision grew by one with every commit;
 * - I2 the audit chain is whole, and has one entry per commit;
 * - I3 the entries tell the way to the status, which ends with the session;
 * - I4 IN_PROGRESS means: started, in a room, not ended; only then, and only
 *   from a voice call, does anybody switch to video;
 * - I5 the duration is the time from start to end;
 * - I6 a room that there may be is closed, or is still to be closed, after the end;
 *   of those left before, only what was really used is remembered when it is closed.
 */
export function sessionViolations(
  { session, chain }: StoredSession,
): Violation[] {
  const found: Violation[] = [];
  const rule = (invariant: string, holds: boolean, what: string) => {
    if (!holds) found.push({ invariant, where: session.id, what });
  };
  const { status, startedAt, endedAt, durationSeconds, rev } = session;
  rule("I1", rev === session.auditSeq, `rev ${rev}, audit ${session.auditSeq}`);
  const fault = findFault(chain, session);
  rule("I2", fault === null, `${fault?.fault} at entry ${fault?.seq}`);
  const told = replay(chain, (end) => isOver(end as Session["status"]));
  rule("I3", told === status, `the entries end ${told}, the record ${status}`);
  const running = startedAt !== null && endedAt === null &&
    session.roomSid !== null;
  rule("I4", running === (status === "IN_PROGRESS"), "running or not");
  const switching = session.videoOffer !== null || session.moving !== null;
  rule(
    "I4",
    !switching || (status === "IN_PROGRESS" && session.voiceOnly),
    "switches to video",
  );
  const moved = session.pastRooms.some(({ roomSid }) => roomSid !== null);
  rule("I4", !(moved && session.voiceOnly), "back from video");
  if (status === "COMPLETED") {
    const ms = Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
    const seconds = Math.max(0, Math.round(ms / 1000));
    rule(
      "I5",
      durationSeconds === seconds,
      `${durationSeconds}, not ${seconds}`,
    );
  } else rule("I5", durationSeconds === null, "lasted without being completed");
  const closing = session.close !== "NONE";
  const mustClose = isOver(status) && session.roomAsked;
  rule("I6", closing === mustClose, `close is ${session.close}`);
  const forgotten = session.pastRooms.every(({ roomSid, closed }) =>
    roomSid !== null || !closed
  );
  rule("I6", forgotten, "a room that never was is closed and remembered");
  return found;
}

/** The chain of any other record is whole as well. */
export function chainViolations(
  where: string,
  chain: readonly AuditEntry[],
  head: ChainHead,
): Violation[] {
  const fault = findFault(chain, head);
  return fault === null
    ? []
    : [{ invariant: "I2", where, what: `${fault.fault} at ${fault.seq}` }];
}

/** A visit, and what is still planned in it. */
export interface StoredVisit {
  visit: Visit;
  /** The ids of its SCHEDULED sessions. */
  planned: readonly string[];
  /** Whether it is noted that they are to be taken back. */
  isClosing: boolean;
}

/** I12: what is planned in a CLOSED visit is going to be taken back; and nothing of one that is OPEN. */
export function visitViolations(
  { visit: { id: where, status }, planned, isClosing }: StoredVisit,
): Violation[] {
  const rule = (holds: boolean, what: string): Violation[] =>
    holds ? [] : [{ invariant: "I12", where, what }];
  return status === "OPEN"
    ? rule(!isClosing, "is closing, and not closed")
    : rule(isClosing || planned.length === 0, `${planned} stay planned`);
}

/** Where the status changes of a history lead; a path with a gap leads nowhere. */
export function replay(
  chain: readonly AuditEntry[],
  isEnd: (status: string) => boolean,
): string {
  let status = "none";
  let over = false;
  for (const { change } of chain) {
    if (change === null) continue;
    if (over) return `back from ${status}`;
    if (change.from !== status) return `from ${change.from} after ${status}`;
    status = change.to;
    over = isEnd(status);
  }
  return status;
}

/**
 * What has to be stored because of a session, I7 (what is owed is in the
 * outbox, and nothing else) and I8 (indexes): key and value. Spelled out here
 * once more on purpose: a check made from the code that it checks finds nothing.
 */
export function expectedEntries(
  session: Session,
): [invariant: string, key: string[], value: unknown][] {
  const { id, visitId, status, scheduledStart, doctor, patient } = session;
  const listed = { id, status };
  const expected: [string, string[], unknown][] = [
    ["I8", ["session_by_room", session.roomName], id],
    ["I8", ["sessions_by_visit", visitId, scheduledStart, id], listed],
    ["I8", ["sessions_by_doctor", doctor.id, scheduledStart, id], listed],
    ["I8", ["sessions_by_patient", patient.id, scheduledStart, id], listed],
  ];
  if (session.roomSid !== null) {
    expected.push(["I8", ["session_by_room_sid", session.roomSid], id]);
  }
  if (session.moving !== null) {
    expected.push(["I8", ["session_by_room", session.moving.roomName], id]);
  }
  for (const { roomName, roomSid } of session.pastRooms) {
    expected.push(["I8", ["session_by_room", roomName], id]);
    if (roomSid === null) continue;
    expected.push(["I8", ["session_by_room_sid", roomSid], id]);
  }
  if (
    session.onDemand && (status === "SCHEDULED" || status === "IN_PROGRESS")
  ) expected.push(["I8", ["session_on_demand", doctor.id], id]);
  if (status === "IN_PROGRESS") {
    expected.push(["I8", ["session_active", visitId], id]);
  }
  if (status === "SCHEDULED" && session.presence.patient?.state === "waiting") {
    expected.push(["I8", ["session_waiting", id], id]);
  }
  if (status === "SCHEDULED") {
    expected.push(["I8", ["session_planned", scheduledStart, id], id]);
  }
  for (const name of owed(session)) {
    expected.push(["I7", ["outbox", id, name], name]);
  }
  return expected;
}

/** What the outbox has to have a row for. */
function owed(session: Session): string[] {
  const { startIntent, moving, close, intruders, recording, status } = session;
  const { requested, consents, active, state } = recording;
  const allowed = requested && consents.doctor?.granted === true &&
    consents.patient?.granted === true && moving === null;
  const open = session.pastRooms.filter(({ closed }) => !closed);
  return [
    ...(startIntent === null ? [] : [`room.open:${startIntent.opId}`]),
    ...(close === "PENDING" ? ["room.close"] : []),
    ...(moving === null ? [] : [`room.move:${moving.roomName}`]),
    ...open.map(({ roomName }) => `room.drop:${roomName}`),
    ...intruders.map((sid) => `participant.remove:${sid}`),
    ...(status === "IN_PROGRESS" && allowed !== active
      ? [`recording.switch:${active ? "off" : "on"}`]
      : []),
    ...(state === "processing" && close !== "PENDING" && open.length === 0
      ? ["recording.compose"]
      : []),
    ...(state === "deleting" ? ["recording.erase"] : []),
  ];
}
