import { AppError } from "@/lib/errors.ts";
import {
  allClosed,
  closed,
  type Interval,
  isThere,
  opened,
  reopened,
} from "@/lib/sessions/attendance.ts";
import type { Connection, Handlers } from "@/lib/sessions/events.ts";
import {
  isOver,
  type Presence,
  type Seat,
  SEATS,
  type Session,
} from "@/lib/sessions/session.ts";

/** More are not removed one by one: somebody is knocking in a loop. */
const INTRUDERS_MAX = 20;

/** What coming and going make of a session. */
export const STAYING: Handlers<
  | "admitted"
  | "left"
  | "connected"
  | "disconnected"
  | "roster"
  | "intruded"
  | "intruder_removed"
> = {
  admitted(session, { seat }, { now }) {
    if (isOver(session.status)) {
      throw new AppError(
        "session_over",
        `Cannot join session "${session.id}": current status is ${session.status}`,
      );
    }
    const waiting = session.status === "SCHEDULED";
    if (waiting && seat === "doctor") {
      throw new AppError(
        "not_started",
        `Cannot join session "${session.id}": start it first`,
      );
    }
    const returned = withGivenUp(session, seat, false);
    const admitted = waiting ? returned : withAdmitted(returned, seat);
    // A second token for somebody already in the room (another tab, a reload)
    // must not hide that they are there; it is recorded all the same.
    if (session.presence[seat]?.state === "connected") return admitted;
    return withPresence(admitted, seat, {
      state: waiting ? "waiting" : "joining",
      at: now.toISOString(),
    });
  },

  left(session, { seat, isOnPurpose }, { now }) {
    const current = session.presence[seat];
    if (current === null || isOver(session.status)) return null;
    const told = isOnPurpose ? withGivenUp(session, seat, true) : session;
    // The line broke before.
    if (current.state === "disconnected") {
      return told === session ? null : told;
    }
    const at = now.toISOString();
    const { videoOffer } = session;
    return withPresence(
      {
        ...withAttendance(
          told,
          seat,
          allClosed(session.attendance[seat], at),
        ),
        // Nobody answers the question of somebody who is gone.
        videoOffer: videoOffer?.by === seat ? null : videoOffer,
      },
      seat,
      { state: "disconnected", at },
    );
  },

  connected(session, { seat, participantSid, at }, { now }) {
    if (!hasRun(session)) return null;
    const told = within(session, at, now);
    const stays = opened(session.attendance[seat], participantSid, told);
    return stays === null ? null : followed(session, seat, stays, told);
  },

  disconnected(session, { seat, participantSid, at }, { now }) {
    if (!hasRun(session)) return null;
    const told = within(session, at, now);
    const stays = closed(session.attendance[seat], participantSid, told);
    return stays === null ? null : followed(session, seat, stays, told);
  },

  roster(session, { present }, { now }) {
    if (session.status !== "IN_PROGRESS") return null;
    const at = now.toISOString();
    return SEATS.reduce<Session | null>((changed, seat) => {
      const before = changed ?? session;
      const stays = seen(before.attendance[seat], present, seat, at);
      return stays === null ? changed : followed(before, seat, stays, at);
    }, null);
  },

  intruded(session, { participantSid }) {
    const { status, intruders } = session;
    if (status !== "IN_PROGRESS" || intruders.includes(participantSid)) {
      return null;
    }
    if (intruders.length >= INTRUDERS_MAX) return null;
    return { ...session, intruders: [...intruders, participantSid] };
  },

  intruder_removed(session, { participantSid }) {
    const intruders = session.intruders.filter((sid) => sid !== participantSid);
    return intruders.length === session.intruders.length
      ? null
      : { ...session, intruders };
  },
};

/** Who came and went is taken down also when it is told after the end. */
function hasRun({ status }: Session): boolean {
  return status === "IN_PROGRESS" || status === "COMPLETED";
}

/** A time that the video service gives, within what is possible: its clock is not ours. */
function within(session: Session, at: string, now: Date): string {
  const told = new Date(at).toISOString();
  const first = session.startedAt!;
  const last = session.endedAt ?? now.toISOString();
  return told > last ? last : told < first ? first : told;
}

/** The session with these stays, and with presence as follows from them. */
function followed(
  session: Session,
  seat: Seat,
  stays: Interval[],
  at: string,
): Session {
  if (session.status !== "IN_PROGRESS") {
    return withAttendance(
      session,
      seat,
      allClosed(stays, session.endedAt ?? at),
    );
  }
  const next = withAdmitted(withAttendance(session, seat, stays), seat);
  const state = isThere(stays) ? "connected" : "disconnected";
  if (next.presence[seat]?.state === state) return next;
  const present = withPresence(next, seat, { state, at });
  const both = SEATS.every((one) =>
    present.presence[one]?.state === "connected"
  );
  return { ...present, everBoth: present.everBoth || both };
}

/** The stays of a seat, when exactly these connections are in the room; null if that was known. */
function seen(
  stays: Interval[],
  present: Connection[],
  seat: Seat,
  at: string,
): Interval[] | null {
  const sids = present.filter((one) => one.seat === seat)
    .map(({ participantSid }) => participantSid);
  const arrived = sids.reduce<Interval[]>(
    (before, sid) => opened(before, sid, at) ?? reopened(before, sid) ?? before,
    stays,
  );
  const gone = arrived.filter(({ leftAt, participantSid }) =>
    leftAt === null && !sids.includes(participantSid)
  );
  const after = gone.reduce<Interval[]>(
    (before, { participantSid }) =>
      closed(before, participantSid, at) ?? before,
    arrived,
  );
  return after === stays ? null : after;
}

function withPresence(
  session: Session,
  seat: Seat,
  presence: Presence,
): Session {
  return { ...session, presence: { ...session.presence, [seat]: presence } };
}

function withAttendance(
  session: Session,
  seat: Seat,
  stays: Interval[],
): Session {
  return { ...session, attendance: { ...session.attendance, [seat]: stays } };
}

/** The session when its patient has given the call up, or has come back to it. */
function withGivenUp(
  session: Session,
  seat: Seat,
  isGivenUp: boolean,
): Session {
  const { call } = session;
  if (seat === "doctor" || call === null || call.isGivenUp === isGivenUp) {
    return session;
  }
  return { ...session, call: { ...call, isGivenUp } };
}

function withAdmitted(session: Session, seat: Seat): Session {
  return { ...session, admitted: { ...session.admitted, [seat]: true } };
}
