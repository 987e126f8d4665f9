import { AppError } from "@/lib/errors.ts";
import { failed } from "@/lib/sessions/ending.ts";
import type { Handlers, Surroundings } from "@/lib/sessions/events.ts";
import { requireStartable, requireStatus } from "@/lib/sessions/refusals.ts";
import type { Session, StartIntent } from "@/lib/sessions/session.ts";

/** How long the video service has to answer a start. */
export const START_DEADLINE_MS = 30_000;
/** After so many attempts without an answer the session has failed. */
export const EXPIRED_STARTS_MAX = 3;

/** Whether an attempt passed its deadline. */
export function isExpired(
  { deadline }: Pick<StartIntent, "deadline">,
  now: Date,
): boolean {
  return Date.parse(deadline) <= now.getTime();
}

/** What starting makes of a session. */
export const STARTING: Handlers<
  "start_requested" | "start_confirmed" | "start_failed" | "start_expired"
> = {
  start_requested(session, { opId }, around) {
    if (session.status === "IN_PROGRESS") return null;
    requireStatus(session, "start", "SCHEDULED");
    requireStartable(session, around);
    // A second tab joins the attempt that is under way: one room, one start.
    // Of one that is lost, the app itself says so first.
    if (session.startIntent !== null) return null;
    return {
      ...session,
      roomAsked: true,
      startIntent: {
        opId,
        at: around.now.toISOString(),
        deadline: deadlineFrom(around),
        endedRoomSid: null,
      },
    };
  },

  start_confirmed(session, { opId, roomSid }, around) {
    if (session.status === "IN_PROGRESS") return null;
    requireStatus(session, "start", "SCHEDULED");
    if (session.startIntent?.opId !== opId) {
      throw new AppError(
        "conflict",
        `Cannot start session "${session.id}": this attempt was given up`,
      );
    }
    if (isExpired(session.startIntent, around.now)) {
      throw new AppError(
        "video_unavailable",
        `Cannot start session "${session.id}": the answer came too late`,
        { retryAfterSeconds: 1 },
      );
    }
    if (session.startIntent.endedRoomSid === roomSid) {
      throw new AppError(
        "video_unavailable",
        `Cannot start session "${session.id}": its room ended at once`,
        { retryAfterSeconds: 1 },
      );
    }
    requireStartable(session, around);
    return {
      ...session,
      status: "IN_PROGRESS",
      startedAt: around.now.toISOString(),
      roomSid,
      startIntent: null,
    };
  },

  start_failed(session, { opId, code }, { now }) {
    if (session.startIntent?.opId !== opId) return null;
    // A refusal is for good; anything else may be over in a minute.
    return code === "video_rejected"
      ? failed(session, now, "video_rejected")
      : { ...session, startIntent: null };
  },

  start_expired(session, { opId }, { now }) {
    const intent = session.startIntent;
    if (intent?.opId !== opId || !isExpired(intent, now)) return null;
    const counted: Session = {
      ...session,
      startIntent: null,
      expiredStarts: session.expiredStarts + 1,
    };
    return counted.expiredStarts >= EXPIRED_STARTS_MAX
      ? failed(counted, now, "video_unreachable")
      : counted;
  },
};

function deadlineFrom({ now }: Surroundings): string {
  return new Date(now.getTime() + START_DEADLINE_MS).toISOString();
}
