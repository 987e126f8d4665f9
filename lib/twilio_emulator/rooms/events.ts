/**
 * What happens in rooms. `rooms.ts` tells it to whoever listens: the status
 * callbacks, the signalling, and extensions.
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

/** An event that has a callback. Its `type` is the `StatusCallbackEvent` of Twilio's page "Status Callbacks". */
export type StatusEvent =
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

/** An event that only the emulator itself needs to know. */
export type InternalEvent =
  | {
    /** A lost connection, or one that is back. */
    readonly type: "participant-updated" | "subscribe-rules-changed";
    readonly room: Room;
    readonly participant: Participant;
  }
  | { readonly type: "recording-rules-changed"; readonly room: Room };

/** One event. */
export type RoomEvent = StatusEvent | InternalEvent;

/** Whether an event has a callback. */
export function isStatusEvent(event: RoomEvent): event is StatusEvent {
  return !INTERNAL.has(event.type);
}

const INTERNAL: ReadonlySet<string> = new Set<InternalEvent["type"]>([
  "participant-updated",
  "subscribe-rules-changed",
  "recording-rules-changed",
]);
