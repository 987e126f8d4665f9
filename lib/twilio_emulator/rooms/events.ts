/**
 * What happens in rooms. `rooms.ts` tells it to whoever listens: the status
 * callbacks and the signalling.
 *
 * @module
 */
import type { Participant, Room, Track } from "./records.ts";

/**
 * Why a participant is no longer in the room: by its own wish, removed over
 * REST, replaced by a newer session of the same identity, because the room
 * was completed, not back within the session timeout, or at the end of
 * `MaxParticipantDuration`.
 */
export type LeaveReason =
  | "left"
  | "kicked"
  | "duplicate"
  | "completed"
  | "timed-out"
  | "duration";

/** One event. Its `type` is the `StatusCallbackEvent` of Twilio's page "Status Callbacks". */
export type RoomEvent =
  | { readonly type: "room-created" | "room-ended"; readonly room: Room }
  | {
    readonly type: "participant-connected";
    readonly room: Room;
    readonly participant: Participant;
  }
  | {
    readonly type: "participant-disconnected";
    readonly room: Room;
    readonly participant: Participant;
    readonly reason: LeaveReason;
  }
  | {
    readonly type:
      | "track-added"
      | "track-removed"
      | "track-enabled"
      | "track-disabled";
    readonly room: Room;
    readonly participant: Participant;
    readonly track: Track;
  };
