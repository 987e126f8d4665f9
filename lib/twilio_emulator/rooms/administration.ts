/**
 * What REST changes about rooms and participants besides their coming and
 * going: rules, transcription, identity.
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import type { RoomEvent } from "./events.ts";
import { isPresent, type Participant, type Room } from "./records.ts";
import type { RuleSet } from "./records.ts";
import type { Rule } from "./rules.ts";
import {
  moveTranscription,
  startTranscription,
  type Transcription,
  type TranscriptionStatus,
} from "./transcription.ts";
import type { TranscriptionConfiguration } from "./transcription_options.ts";

/** Changes records at the wish of REST, and tells it. */
export class Administration {
  readonly #now: () => Date;
  readonly #emit: (event: RoomEvent) => void;

  /** @param emit Is told every event, after the records have changed. */
  constructor(now: () => Date, emit: (event: RoomEvent) => void) {
    this.#now = now;
    this.#emit = emit;
  }

  /**
   * Replaces what a participant is subscribed to.
   *
   * @throws {TwilioFault} 53118 when the room has ended.
   */
  setSubscribeRules(participant: Participant, rules: readonly Rule[]): void {
    const { room } = participant;
    requireRunning(room);
    participant.subscribeRules = this.#replace(
      participant.subscribeRules,
      rules,
    );
    this.#emit({ type: "subscribe-rules-changed", room, participant });
  }

  /**
   * Replaces what is recorded of a room.
   *
   * @throws {TwilioFault} 53118 when it has ended.
   */
  setRecordingRules(room: Room, rules: readonly Rule[]): void {
    requireRunning(room);
    room.recordingRules = this.#replace(room.recordingRules, rules);
    this.#emit({ type: "recording-rules-changed", room });
  }

  /**
   * Starts the transcription of a room.
   *
   * @throws {TwilioFault} 53118 when it has ended; 20409 when it has one.
   */
  createTranscription(
    room: Room,
    configuration: TranscriptionConfiguration,
  ): Transcription {
    requireRunning(room);
    if (room.transcription) throw new TwilioFault(20409);
    return room.transcription = startTranscription(configuration, this.#now());
  }

  /**
   * Moves the transcription of a room to another state, and replaces its
   * configuration. `null` leaves the state as it is.
   *
   * @throws {TwilioFault} 53118 when the room has ended and it is to start;
   * 20001 when it has failed.
   */
  updateTranscription(
    room: Room,
    transcription: Transcription,
    status: TranscriptionStatus | null,
    configuration: TranscriptionConfiguration,
  ): Transcription {
    if (status === "started") requireRunning(room);
    const now = this.#now();
    const moved = status
      ? moveTranscription(transcription, status, now)
      : transcription;
    const isSame = configuration === transcription.configuration;
    return room.transcription = isSame
      ? moved
      : { ...moved, configuration, dateUpdated: now };
  }

  /**
   * Forgets who a participant was.
   *
   * @throws {TwilioFault} 20001 while it is in the room.
   */
  anonymize(participant: Participant): void {
    if (isPresent(participant)) {
      throw new TwilioFault(
        20001,
        "A connected participant cannot be anonymized",
      );
    }
    participant.identity = participant.sid;
    participant.dateUpdated = this.#now();
  }

  #replace(before: RuleSet, rules: readonly Rule[]): RuleSet {
    const now = this.#now();
    return { rules, dateCreated: before.dateCreated ?? now, dateUpdated: now };
  }
}

function requireRunning(room: Room): void {
  if (room.status !== "in-progress") throw new TwilioFault(53118);
}
