import { isToRecord } from "@/lib/sessions/recording.ts";
import type { Session } from "@/lib/sessions/session.ts";

/** What a session can owe the video service. */
export type DutyKind =
  | "room.open"
  | "room.close"
  | "room.move"
  | "room.drop"
  | "participant.remove"
  | "recording.switch"
  | "recording.compose"
  | "recording.erase";

/** One thing that a session owes the video service, until an event says that it is done. */
export interface Duty {
  kind: DutyKind;
  /** Which one, where a session can owe several of a kind: the attempt, the room, the connection, on or off. */
  subject: string;
}

/**
 * What the session owes the video service as it stands. Rows of the outbox are
 * made from this, in the commit that makes the session so, and go with the one
 * that ends it; a promise can so neither be forgotten nor be kept twice.
 */
export function dutiesOf(session: Session): Duty[] {
  const { startIntent, moving, pastRooms, close, intruders, recording } =
    session;
  const stillOpen = pastRooms.filter(({ closed }) => !closed);
  const duties: Duty[] = [];
  if (startIntent !== null) {
    duties.push({ kind: "room.open", subject: startIntent.opId });
  }
  if (close === "PENDING") duties.push({ kind: "room.close", subject: "" });
  if (moving !== null) {
    duties.push({ kind: "room.move", subject: moving.roomName });
  }
  for (const { roomName: subject } of stillOpen) {
    duties.push({ kind: "room.drop", subject });
  }
  for (const subject of intruders) {
    duties.push({ kind: "participant.remove", subject });
  }
  if (isToRecord(session) !== recording.active) {
    // To stop does not wait for how long it took to begin.
    const subject = recording.active ? "off" : "on";
    duties.push({ kind: "recording.switch", subject });
  }
  // The files are complete when every room is closed.
  if (
    recording.state === "processing" && close !== "PENDING" &&
    stillOpen.length === 0
  ) {
    duties.push({ kind: "recording.compose", subject: "" });
  }
  if (recording.state === "deleting") {
    duties.push({ kind: "recording.erase", subject: "" });
  }
  return duties;
}

/** What tells a duty from the others of its session. */
export function dutyName({ kind, subject }: Duty): string {
  return subject === "" ? kind : `${kind}:${subject}`;
}
