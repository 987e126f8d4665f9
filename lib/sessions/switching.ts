import { AppError } from "@/lib/errors.ts";
import { allClosed } from "@/lib/sessions/attendance.ts";
import type { Handlers } from "@/lib/sessions/events.ts";
import { movedToVideo } from "@/lib/sessions/recording.ts";
import { notStarted } from "@/lib/sessions/refusals.ts";
import {
  isOver,
  type PastRoom,
  type Presence,
  type Session,
} from "@/lib/sessions/session.ts";

/** How long the video service has to open the room that a call moves to. */
export const MOVE_DEADLINE_MS = 30_000;

/** So many rooms may wait to be closed; with more, the video service is out of reach and no further one is asked for. */
export const PAST_ROOMS_MAX = 5;

/** What switching from voice to video makes of a session. */
export const SWITCHING: Handlers<
  | "video_offered"
  | "video_answered"
  | "room_moved"
  | "move_given_up"
  | "past_room_closed"
  | "past_room_given_up"
> = {
  video_offered(session, { seat, roomName }, { now }) {
    requireRunning(session);
    // There is video already, or it is about to be.
    if (!session.voiceOnly || session.moving !== null) return null;
    if (session.videoOffer?.by === seat) return null;
    if (session.pastRooms.length >= PAST_ROOMS_MAX) {
      throw new AppError(
        "video_unavailable",
        `Cannot move session "${session.id}" again: rooms of earlier attempts are not closed yet`,
        { retryAfterSeconds: 60 },
      );
    }
    // Both have asked: that is agreement.
    if (session.videoOffer !== null) return agreed(session, roomName, now);
    return { ...session, videoOffer: { by: seat, at: now.toISOString() } };
  },

  video_answered(session, { seat, accepted, roomName }, { now }) {
    requireRunning(session);
    if (!session.voiceOnly || session.moving !== null) return null;
    const offer = session.videoOffer;
    if (offer === null) {
      if (!accepted) return null;
      throw new AppError(
        "conflict",
        `Cannot switch session "${session.id}" to video: the offer was taken back`,
      );
    }
    if (!accepted) return { ...session, videoOffer: null };
    // Nobody agrees with themselves.
    return offer.by === seat ? null : agreed(session, roomName, now);
  },

  room_moved(session, { roomName, roomSid }, { now }) {
    if (session.moving?.roomName !== roomName) return null;
    // The room to leave has yet to be told not to record any more.
    if (session.recording.active) return null;
    const at = now.toISOString();
    const { presence, attendance } = session;
    return {
      ...session,
      voiceOnly: false,
      moving: null,
      roomName,
      roomSid,
      pastRooms: [...session.pastRooms, {
        roomName: session.roomName,
        roomSid: session.roomSid,
        leftAt: at,
        closed: false,
      }],
      recording: movedToVideo(session.recording),
      // Of the room that is left, and is going to be closed.
      intruders: [],
      presence: {
        doctor: onTheWay(presence.doctor, at),
        patient: onTheWay(presence.patient, at),
      },
      attendance: {
        doctor: allClosed(attendance.doctor, at),
        patient: allClosed(attendance.patient, at),
      },
    };
  },

  move_given_up(session, { roomName }, { now }) {
    return session.moving?.roomName === roomName
      ? withoutMove(session, now.toISOString())
      : null;
  },

  past_room_closed: (session, { roomName }) => closed(session, roomName),
  past_room_given_up: (session, { roomName }) => closed(session, roomName),
};

/** The session without a switch under way; a room that may have been opened for it has to be closed. */
export function withoutMove(session: Session, at: string): Session {
  const { moving, pastRooms } = session;
  const inVain: PastRoom[] = moving === null ? [] : [{
    roomName: moving.roomName,
    roomSid: null,
    leftAt: at,
    closed: false,
  }];
  return {
    ...session,
    videoOffer: null,
    moving: null,
    pastRooms: [...pastRooms, ...inVain],
  };
}

/** A room that the call was in, or is in. */
export interface CallRoom {
  /** `RM…` */
  roomSid: string;
  voiceOnly: boolean;
}

/** Every room that the session ever ran in, in order. Only voice is ever left behind. */
export function roomsOf(
  { pastRooms, roomSid, voiceOnly }: Session,
): CallRoom[] {
  return [
    ...pastRooms.flatMap((past) =>
      past.roomSid === null ? [] : [{ roomSid: past.roomSid, voiceOnly: true }]
    ),
    ...(roomSid === null ? [] : [{ roomSid, voiceOnly }]),
  ];
}

function requireRunning(session: Session): void {
  if (session.status === "SCHEDULED") throw notStarted(session, "switch");
  if (!isOver(session.status)) return;
  throw new AppError(
    "session_over",
    `Cannot switch session "${session.id}" to video: current status is ${session.status}`,
  );
}

function agreed(session: Session, roomName: string, now: Date): Session {
  return {
    ...session,
    videoOffer: null,
    moving: {
      roomName,
      at: now.toISOString(),
      deadline: new Date(now.getTime() + MOVE_DEADLINE_MS).toISOString(),
    },
  };
}

/** Whoever was in the old room is expected in the new one. */
function onTheWay(presence: Presence | null, at: string): Presence | null {
  return presence?.state === "connected" ? { state: "joining", at } : presence;
}

/** Of a room where nothing ever was, nothing has to be remembered. */
function closed(session: Session, roomName: string): Session | null {
  const { pastRooms } = session;
  const past = pastRooms.find((one) => one.roomName === roomName);
  if (past === undefined || past.closed) return null;
  return {
    ...session,
    pastRooms: past.roomSid === null
      ? pastRooms.filter((one) => one !== past)
      : pastRooms.map((one) => one === past ? { ...past, closed: true } : one),
  };
}
