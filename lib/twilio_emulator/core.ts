/**
 * The parts of an emulator, and how others are plugged into them: recording
 * and composing are extensions.
 *
 * @module
 */
import type { CallbackReport } from "./callbacks/delivery.ts";
import { CallbackSender } from "./callbacks/sender.ts";
import { Faults } from "./faults/faults.ts";
import { NO_FAULTS } from "./faults/model.ts";
import { CompositionHooks } from "./hooks/hooks.ts";
import type { CompositionHook } from "./hooks/hooks.ts";
import type { Route } from "./rest/call.ts";
import { RateLimit } from "./rest/rate_limit.ts";
import { Administration } from "./rooms/administration.ts";
import { isStatusEvent, type RoomEvent } from "./rooms/events.ts";
import { RecordingWatch } from "./rooms/recording_watch.ts";
import type { Room } from "./rooms/records.ts";
import { Rooms } from "./rooms/rooms.ts";
import type { PublishedTrack } from "./rooms/selection.ts";
import type { Settings } from "./settings.ts";
import { type SeenFrame, Signalling } from "./signalling/signalling.ts";
import { StorageSettings } from "./storage/storage_settings.ts";
import { Timers } from "./timers.ts";

/**
 * Something that is plugged into an emulator. It is told what happens, after
 * the records have changed and before anybody else can change them: it must
 * not change rooms while it is being told.
 */
export interface Extension {
  /** REST paths below `/v1` that it answers. */
  readonly routes?: readonly Route[];
  /** Every event of every room, in order. */
  onRoomEvent?(event: RoomEvent): void;
  /**
   * The set of tracks to record in a room has changed: by its rules, or
   * because somebody published, unpublished, came or went.
   */
  onRecordedTracks?(room: Room, tracks: readonly PublishedTrack[]): void;
  /** A room has ended, and a composition hook wants a composition of it. */
  onCompositionWanted?(room: Room, hook: CompositionHook): void;
  /** What became of an attempt to deliver a callback. */
  onCallback?(report: CallbackReport): void;
  /** A frame of a signalling socket. It has secrets in it. */
  onFrame?(frame: SeenFrame): void;
  /**
   * Answers a request beside `/v1`, such as for media; `null`: not its own.
   *
   * @param path Below the emulator's mount.
   */
  answer?(
    request: Request,
    path: string,
  ): Response | Promise<Response> | null;
  /** Ends what it has under way. */
  close?(): void | Promise<void>;
}

/** The parts of an emulator. */
export interface Core {
  /** The options. Their clock is the one that faults can put wrong. */
  readonly settings: Settings;
  readonly faults: Faults;
  readonly timers: Timers;
  readonly rooms: Rooms;
  readonly administration: Administration;
  readonly hooks: CompositionHooks;
  /** Where recordings and compositions are to be stored. */
  readonly storage: {
    readonly recordings: StorageSettings;
    readonly compositions: StorageSettings;
  };
  readonly rateLimit: RateLimit;
  readonly callbacks: CallbackSender;
  readonly signalling: Signalling;
  /** What was plugged in so far. */
  readonly extensions: readonly Extension[];
  /** Plugs something in. */
  plug(extension: Extension): void;
}

/** Makes the parts and connects them. */
export function createCore(options: Settings): Core {
  const extensions: Extension[] = [];
  const faults = new Faults({
    ...NO_FAULTS,
    callbacks: { ...NO_FAULTS.callbacks, ...options.callbackDelivery },
  });
  const settings: Settings = {
    ...options,
    now: () => new Date(options.now().getTime() + faults.state.clockSkewMs),
  };
  const timers = new Timers(settings.schedule);
  const callbacks = new CallbackSender(
    settings,
    timers,
    () => faults.state.callbacks,
    (report) => {
      for (const extension of extensions) extension.onCallback?.(report);
    },
  );
  const watch = new RecordingWatch((room, tracks) => {
    for (const extension of extensions) {
      extension.onRecordedTracks?.(room, tracks);
    }
  });
  const emit = (event: RoomEvent): void => {
    if (isStatusEvent(event)) callbacks.send(event);
    signalling.onEvent(event);
    for (const extension of extensions) extension.onRoomEvent?.(event);
    watch.onRoomEvent(event);
    if (event.type !== "room-ended") return;
    for (const hook of hooks.enabled(event.room.accountSid)) {
      for (const extension of extensions) {
        extension.onCompositionWanted?.(event.room, hook);
      }
    }
  };
  const hooks = new CompositionHooks(settings.now);
  const rooms: Rooms = new Rooms(settings, timers, emit);
  const signalling: Signalling = new Signalling(settings, timers, rooms);
  signalling.onFrame = (frame) => {
    for (const extension of extensions) extension.onFrame?.(frame);
  };
  faults.aimAt(signalling);
  return {
    settings,
    faults,
    timers,
    rooms,
    administration: new Administration(settings.now, emit),
    hooks,
    storage: {
      recordings: new StorageSettings(),
      compositions: new StorageSettings(),
    },
    rateLimit: new RateLimit(settings.quotas, settings.now),
    callbacks,
    signalling,
    extensions,
    plug: (extension) => void extensions.push(extension),
  };
}
