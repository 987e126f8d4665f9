import type { Interval } from "@/lib/sessions/attendance.ts";
import { newRecording, type Recording } from "@/lib/sessions/recording.ts";
import { isOver, type Presence, type Session } from "@/lib/sessions/session.ts";

/** A session as the fourth layout had it: it did not know its request. */
type SessionV4 = Omit<Session, "v" | "call"> & { v: 4 };

/** A session as the third layout had it: only the name of its first room told where it came from. */
type SessionV3 = Omit<SessionV4, "v" | "onDemand"> & { v: 3 };

/** A session as the second layout had it: one room, and a recording in it. */
type SessionV2 =
  & Omit<SessionV3, "v" | "videoOffer" | "moving" | "pastRooms" | "recording">
  & {
    v: 2;
    recording: Omit<Recording, "parts" | "lastViews"> & {
      parts: Omit<Recording["parts"][number], "roomSid" | "leadSeconds">[];
      leadSeconds: number;
    };
  };

/** A session as the first layout had it; what is missing did not exist then. */
type SessionV1 =
  & Omit<
    SessionV2,
    | "v"
    | "recording"
    | "expiredStarts"
    | "roomAsked"
    | "attendance"
    | "admitted"
    | "intruders"
  >
  & { v: 1; recording: { requested: boolean }; everJoined: boolean };

/** A session as it may be stored. */
export type StoredSession =
  | Session
  | SessionV4
  | SessionV3
  | SessionV2
  | SessionV1;

/** Where somebody was, as the first layout had it. */
type PresenceV1 = Presence & { participantSid?: string | null };

/** Who is there has a stay that lasts. */
function stayOf(presence: PresenceV1 | null): Interval[] {
  if (presence?.state !== "connected" || !presence.participantSid) return [];
  const { participantSid, at: joinedAt } = presence;
  return [{ participantSid, joinedAt, leftAt: null }];
}

/** The session in today's layout. It is stored so when it next changes. */
export function upgrade(stored: StoredSession): Session {
  switch (stored.v) {
    case 5:
      return stored;
    case 4:
      return fromV4(stored);
    case 3:
      return fromV4(fromV3(stored));
    case 2:
      return fromV4(fromV3(fromV2(stored)));
    case 1:
      return fromV4(fromV3(fromV2(fromV1(stored))));
  }
}

function fromV4(session: SessionV4): Session {
  return { ...session, v: 5, call: null };
}

function fromV3(session: SessionV3): SessionV4 {
  const rooms = [session, ...session.pastRooms];
  const onDemand = rooms.some(({ roomName }) =>
    roomName.startsWith("doctor-call-")
  );
  return { ...session, v: 4, onDemand };
}

function fromV2({ recording, ...session }: SessionV2): SessionV3 {
  const { leadSeconds, parts, ...kept } = recording;
  return {
    ...session,
    v: 3,
    videoOffer: null,
    moving: null,
    pastRooms: [],
    recording: {
      // Later fields of that layout may be missing.
      ...newRecording(kept.requested),
      ...kept,
      parts: parts.map((part) => ({
        ...part,
        roomSid: session.roomSid!,
        leadSeconds,
      })),
    },
  };
}

function fromV1({ everJoined, ...session }: SessionV1): SessionV2 {
  const { presence, startIntent, roomSid, status } = session;
  return {
    ...session,
    v: 2,
    recording: {
      ...newRecording(session.recording.requested),
      parts: [],
      leadSeconds: 0,
    },
    startIntent: startIntent === null
      ? null
      : { ...startIntent, endedRoomSid: null },
    expiredStarts: 0,
    roomAsked: startIntent !== null || roomSid !== null,
    close: isOver(status) && roomSid !== null && session.close === "NONE"
      ? "DONE"
      : session.close,
    attendance: {
      doctor: stayOf(presence.doctor),
      patient: stayOf(presence.patient),
    },
    admitted: {
      doctor: everJoined && presence.doctor !== null,
      patient: everJoined && presence.patient !== null,
    },
    intruders: [],
  };
}
