import {
  listPrefix,
  onDemandKey,
  PLANNED_PREFIX,
  roomKey,
  roomSidKey,
  WAITING_PREFIX,
} from "@/lib/sessions/keys.ts";
import {
  isOver,
  isWaiting,
  type Session,
  type SessionStatus,
} from "@/lib/sessions/session.ts";
import { activeSessionKey } from "@/lib/visits/keys.ts";

/** A list entry: enough to filter without reading the session. */
export interface Listed {
  id: string;
  status: SessionStatus;
}

/** One row that refers to a session. */
export type IndexRow = [key: string[], value: string | Listed];

/** Everything that refers to a session besides its record; derived from it, so that it cannot disagree. */
export function indexesOf(session: Session): IndexRow[] {
  const { id, status, visitId, scheduledStart, moving, pastRooms } = session;
  const listed: Listed = { id, status };
  const names = [
    session.roomName,
    ...(moving === null ? [] : [moving.roomName]),
    ...pastRooms.map(({ roomName }) => roomName),
  ];
  const sids = [session.roomSid, ...pastRooms.map(({ roomSid }) => roomSid)]
    .filter((roomSid) => roomSid !== null);
  const rows: IndexRow[] = [
    ...names.map((name): IndexRow => [roomKey(name), id]),
    ...sids.map((sid): IndexRow => [roomSidKey(sid), id]),
    [[...listPrefix("visit", visitId), scheduledStart, id], listed],
    [[...listPrefix("doctor", session.doctor.id), scheduledStart, id], listed],
    [
      [...listPrefix("patient", session.patient.id), scheduledStart, id],
      listed,
    ],
  ];
  if (status === "IN_PROGRESS") rows.push([activeSessionKey(visitId), id]);
  if (session.onDemand && !isOver(status)) {
    rows.push([onDemandKey(session.doctor.id), id]);
  }
  if (isWaiting(session)) rows.push([[...WAITING_PREFIX, id], id]);
  if (status === "SCHEDULED") {
    rows.push([[...PLANNED_PREFIX, scheduledStart, id], id]);
  }
  return rows;
}

/** Which rows are new or different after a change, and which no longer hold. */
export function indexChanges(
  before: Session | null,
  after: Session,
): { set: IndexRow[]; gone: string[][] } {
  const stale = new Map(
    (before === null ? [] : indexesOf(before)).map((
      [key, value],
    ) => [key.join("\0"), { key, value: JSON.stringify(value) }]),
  );
  const set: IndexRow[] = [];
  for (const row of indexesOf(after)) {
    const [key, value] = row;
    const name = key.join("\0");
    if (stale.get(name)?.value !== JSON.stringify(value)) set.push(row);
    stale.delete(name);
  }
  return { set, gone: [...stale.values()].map(({ key }) => key) };
}
