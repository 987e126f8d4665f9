/**
 * The rooms: their rules, their timeouts, and the only code that changes
 * them. Knows neither HTTP nor WebSockets.
 *
 * Every method does its work in one synchronous go, so nobody ever sees half
 * a change.
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { newSid } from "../sid.ts";
import { type Timers, TimersOf } from "../timers.ts";
import type { LeaveReason, RoomEvent } from "./events.ts";
import {
  isPresent,
  type Participant,
  presentIn,
  type Room,
} from "./records.ts";
import { Publications } from "./publications.ts";
import { Registry } from "./registry.ts";
import type { RoomOptions } from "./room_options.ts";
import { EVERYTHING, type Rule } from "./rules.ts";
import { initialRecordingRules } from "./selection.ts";
import { moveTranscription, startTranscription } from "./transcription.ts";
import type { WantedTrack } from "./tracks.ts";

/** No room lives longer than 24 hours. */
const MAX_ROOM_AGE_MS = 24 * 60 * 60 * 1000;

/** Past sessions kept per room: enough for every test, not for a runaway loop. */
const MAX_PAST_PARTICIPANTS = 1000;

const MINUTE_MS = 60_000;

/** All rooms of an emulator. */
export class Rooms {
  readonly #settings: Settings;
  readonly #emit: (event: RoomEvent) => void;
  readonly #registry: Registry;
  /** Wait for somebody to come. */
  readonly #idle: TimersOf<Room>;
  readonly #age: TimersOf<Room>;
  readonly #duration: TimersOf<Participant>;
  readonly #publications: Publications;
  /** Participants in all rooms, by account. */
  readonly #present = new Map<string, number>();
  #order = 0;

  /** @param emit Is told every event, in order, after the records have changed. */
  constructor(
    settings: Settings,
    timers: Timers,
    emit: (event: RoomEvent) => void,
  ) {
    this.#settings = settings;
    this.#emit = emit;
    this.#registry = new Registry(settings.maxCompletedRooms);
    this.#idle = new TimersOf(timers);
    this.#age = new TimersOf(timers);
    this.#duration = new TimersOf(timers);
    this.#publications = new Publications(
      settings.now,
      () => this.#order++,
      emit,
    );
  }

  /**
   * Opens a room.
   *
   * @param adHoc Whether a client's connect made it.
   * @throws {TwilioFault} 53113 when a running room has the name; 53119 when
   * the account has too many rooms.
   */
  create(accountSid: string, options: RoomOptions, adHoc = false): Room {
    const sid = newSid("RM");
    const uniqueName = options.uniqueName ?? sid;
    if (this.#registry.hasName(accountSid, uniqueName)) {
      throw new TwilioFault(53113);
    }
    const running = this.#registry.running(accountSid);
    if (running >= this.#settings.quotas.rooms) throw new TwilioFault(53119);
    const now = this.#settings.now();
    const room: Room = {
      sid,
      order: this.#order++,
      accountSid,
      uniqueName,
      adHoc,
      options,
      dateCreated: now,
      dateUpdated: now,
      status: "in-progress",
      endTime: null,
      participants: new Map(),
      recordingRules: {
        rules: initialRecordingRules(
          options.recordingRules,
          options.recordParticipantsOnConnect,
        ),
        dateCreated: now,
        dateUpdated: now,
      },
      transcription: options.transcription &&
        startTranscription(options.transcription, now),
    };
    this.#registry.add(room);
    this.#emit({ type: "room-created", room });
    this.#age.set(room, MAX_ROOM_AGE_MS, () => this.complete(room));
    if (!adHoc) this.#endUnlessJoined(room, options.unusedRoomTimeout);
    return room;
  }

  /**
   * The room of the account with this SID, or with this name while it is in
   * progress: a completed room can only be found by SID.
   */
  find(accountSid: string, nameOrSid: string): Room | null {
    return this.#registry.find(accountSid, nameOrSid);
  }

  /** Every room, newest first; of one account, or of all. */
  list(accountSid?: string): Room[] {
    return this.#registry.list(accountSid);
  }

  /** Ends a room and everybody's session in it. Does nothing when it has ended. */
  complete(room: Room): void {
    if (room.status === "completed") return;
    this.#idle.stop(room);
    this.#age.stop(room);
    for (const participant of presentIn(room)) {
      this.#remove(participant, "completed");
    }
    const now = this.#settings.now();
    room.status = "completed";
    room.dateUpdated = now;
    room.endTime = now;
    if (room.transcription?.status === "started") {
      room.transcription = moveTranscription(
        room.transcription,
        "stopped",
        now,
      );
    }
    this.#registry.end(room);
    this.#emit({ type: "room-ended", room });
  }

  /**
   * Lets somebody in. A session of the same identity that is still there then
   * ends with the reason `duplicate`; it does not count towards the limit.
   *
   * @param rules What it is subscribed to; everything by default.
   * @throws {TwilioFault} 53106 when the room has ended; 53105 when it is
   * full; 53206 when the account has too many participants.
   */
  join(
    room: Room,
    identity: string,
    rules: readonly Rule[] = EVERYTHING,
  ): Participant {
    if (room.status !== "in-progress") throw new TwilioFault(53106);
    const present = presentIn(room);
    const replaces =
      present.find((participant) => participant.identity === identity) ?? null;
    const others = present.length - (replaces ? 1 : 0);
    if (others >= room.options.maxParticipants) throw new TwilioFault(53105);
    const everywhere = this.#present.get(room.accountSid) ?? 0;
    if (!replaces && everywhere >= this.#settings.quotas.participants) {
      throw new TwilioFault(53206);
    }
    this.#present.set(room.accountSid, everywhere + 1);
    this.#idle.stop(room);
    const now = this.#settings.now();
    const participant: Participant = {
      sid: newSid("PA"),
      order: this.#order++,
      room,
      identity,
      startTime: now,
      dateUpdated: now,
      status: "connected",
      endTime: null,
      tracks: new Map(),
      subscribeRules: { rules, dateCreated: null, dateUpdated: null },
    };
    room.participants.set(participant.sid, participant);
    this.#duration.set(
      participant,
      room.options.maxParticipantDuration * 1000,
      () => this.leave(participant, "duration"),
    );
    this.#emit({ type: "participant-connected", room, participant });
    if (replaces) this.leave(replaces, "duplicate");
    return participant;
  }

  /** Ends a session. Does nothing when it has ended. */
  leave(participant: Participant, reason: LeaveReason): void {
    if (!isPresent(participant)) return;
    this.#remove(participant, reason);
    const { room } = participant;
    if (presentIn(room).length > 0) return;
    if (room.adHoc) this.complete(room);
    else this.#endUnlessJoined(room, room.options.emptyRoomTimeout);
  }

  /** Notes that a participant's connection was lost, or is back. */
  setReconnecting(participant: Participant, reconnecting: boolean): void {
    if (!isPresent(participant)) return;
    participant.status = reconnecting ? "reconnecting" : "connected";
    participant.dateUpdated = this.#settings.now();
    const { room } = participant;
    this.#emit({ type: "participant-updated", room, participant });
  }

  /**
   * Makes what a participant publishes equal to `wanted`, its full list:
   * absent tracks are unpublished, new ones get a SID.
   *
   * @returns the tracks that were refused, by id, and why.
   */
  setTracks(
    participant: Participant,
    wanted: readonly WantedTrack[],
  ): Map<string, TwilioFault> {
    return this.#publications.set(participant, wanted);
  }

  #remove(participant: Participant, reason: LeaveReason): void {
    const { room } = participant;
    this.#duration.stop(participant);
    this.#publications.clear(participant);
    const now = this.#settings.now();
    const everywhere = this.#present.get(room.accountSid) ?? 0;
    this.#present.set(room.accountSid, everywhere - 1);
    participant.status = "disconnected";
    participant.dateUpdated = now;
    participant.endTime = now;
    this.#emit({ type: "participant-disconnected", room, participant, reason });
    this.#forgetOldParticipants(room);
  }

  #endUnlessJoined(room: Room, minutes: number): void {
    this.#idle.set(room, minutes * MINUTE_MS, () => this.complete(room));
  }

  #forgetOldParticipants(room: Room): void {
    const past = [...room.participants.values()]
      .filter((participant) => !isPresent(participant));
    const excess = past.length - MAX_PAST_PARTICIPANTS;
    for (const { sid } of past.slice(0, Math.max(0, excess))) {
      room.participants.delete(sid);
    }
  }
}
