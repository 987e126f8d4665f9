import type { ErrorCode } from "@/lib/errors.ts";
import type { RecordingPart } from "@/lib/sessions/recording.ts";
import type { EndReason, Seat, Session } from "@/lib/sessions/session.ts";
import type { VisitStatus } from "@/lib/visits/visit.ts";

/** One connection of a participant. */
export interface Connection {
  seat: Seat;
  /** `PA…` */
  participantSid: string;
}

/** What the people of a session do. */
export type PersonalEvent =
  | { type: "start_requested"; opId: string }
  | { type: "admitted"; seat: Seat }
  /** `isOnPurpose`: said so, rather than closed the page or fell silent. */
  | { type: "left"; seat: Seat; isOnPurpose: boolean }
  | { type: "ended" }
  | { type: "cancelled"; reason: "cancelled_by_doctor" | "visit_closed" }
  /** Null: stays as it is. */
  | { type: "edited"; scheduledStart: string | null; notes: string | null }
  /** Would like to switch to video; `roomName`: the room to move to, if the other has said so too. */
  | { type: "video_offered"; seat: Seat; roomName: string }
  /** Agrees to the other's offer, or not; or takes the own one back. `roomName`: as above. */
  | { type: "video_answered"; seat: Seat; accepted: boolean; roomName: string }
  | { type: "consented"; seat: Seat; granted: boolean; textVersion: string }
  /** Somebody plays a part of the recording: `part` says whose. */
  | { type: "recording_viewed"; seat: Seat; signInId: string; part: Seat }
  | { type: "recording_deleted" };

/** What the video service tells, or is found out about it. `at` is its own time. */
export type VideoEvent =
  | ({ type: "connected"; at: string } & Connection)
  | ({ type: "disconnected"; at: string } & Connection)
  /** Everybody who is in the room right now. */
  | { type: "roster"; present: Connection[] }
  | { type: "intruded"; participantSid: string }
  | { type: "room_ended"; roomSid: string; at: string }
  /** A room of a session that is over was seen open. */
  | { type: "room_found" }
  | {
    type: "recording_settled";
    compositionSid: string;
    status: "ready" | "failed";
    durationSeconds: number | null;
  };

/** What the app itself does, finishing what somebody began or nobody ended. */
export type SystemEvent =
  | { type: "start_confirmed"; opId: string; roomSid: string }
  | { type: "start_failed"; opId: string; code: ErrorCode }
  | { type: "start_expired"; opId: string }
  | { type: "expired" }
  | {
    type: "overran";
    reason: Extract<EndReason, "max_duration" | "doctor_absent">;
  }
  | { type: "room_closed" }
  | { type: "room_close_given_up" }
  | { type: "room_reopened"; roomSid: string }
  | { type: "room_moved"; roomName: string; roomSid: string }
  /** `code`: why, if the video service refused; null: it did not answer in time. */
  | { type: "move_given_up"; roomName: string; code: ErrorCode | null }
  | { type: "past_room_closed"; roomName: string }
  | { type: "past_room_given_up"; roomName: string }
  | { type: "intruder_removed"; participantSid: string }
  /** What a room was told. */
  | { type: "recording_switched"; on: boolean; roomSid: string }
  | { type: "recording_composed"; parts: RecordingPart[] }
  | { type: "recording_failed" }
  | { type: "recording_erased" };

/** Something that happens to a session. Who may cause it is `policy.ts`'s question. */
export type SessionEvent = PersonalEvent | VideoEvent | SystemEvent;

/** What a decision may depend on besides the session itself. */
export interface Surroundings {
  /** The server's clock. */
  now: Date;
  visitStatus: VisitStatus;
  /** The session of the same visit that is IN_PROGRESS, if there is one. */
  activeSessionId: string | null;
  /** The session that the doctor's accepted call became and that is not over, if there is one. */
  onDemandId: string | null;
}

/** The event of a type. */
export type EventOf<T extends SessionEvent["type"]> = Extract<
  SessionEvent,
  { type: T }
>;

/** For some events, what each makes of a session: the next one, null for no change, or a throw for a refusal. */
export type Handlers<T extends SessionEvent["type"]> = {
  [K in T]: (
    session: Session,
    event: EventOf<K>,
    around: Surroundings,
  ) => Session | null;
};
