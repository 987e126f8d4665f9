import { newRecording } from "@/lib/sessions/recording.ts";
import type { Interval } from "@/lib/sessions/attendance.ts";
import { isOver, type Presence, type Session } from "@/lib/sessions/session.ts";

/** A session as the first layout had it; what is missing did not exist then. */
type SessionV1 =
  & Omit<
    Session,
    | "v"
    | "recording"
    | "expiredStarts"
    | "roomAsked"
    | "attendance"
    | "admitted"
    | "intruders"
  >
  & { v: 1; recording: { requested: boolean }; everJoined: boolean };

/** Where somebody was, as the first layout had it. */
type PresenceV1 = Presence & { participantSid?: string | null };

/** Who is there has a stay that lasts. */
function stayOf(presence: PresenceV1 | null): Interval[] {
  if (presence?.state !== "connected" || !presence.participantSid) return [];
  const { participantSid, at: joinedAt } = presence;
  return [{ participantSid, joinedAt, leftAt: null }];
}

/** The session in today's layout. It is stored so when it next changes. */
export function upgrade(stored: Session | SessionV1): Session {
  if (stored.v === 2) {
    const fresh = newRecording(stored.recording.requested);
    return { ...stored, recording: { ...fresh, ...stored.recording } };
  }
  const { everJoined, ...session } = stored;
  const { presence, startIntent, roomSid, status } = session;
  return {
    ...session,
    v: 2,
    recording: newRecording(session.recording.requested),
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
