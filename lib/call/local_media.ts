import {
  batch,
  computed,
  createModel,
  type ModelConstructor,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type {
  Device,
  DeviceAccess,
  DeviceFailure,
  DeviceRequest,
  MediaKind,
} from "@/lib/call/device_access.ts";

/** One's own camera and microphone, before and during the call. */
export interface LocalMedia {
  /** The picture being taken, or null. */
  readonly camera: Signal<MediaStreamTrack | null>;
  /** The sound being taken, or null. */
  readonly microphone: Signal<MediaStreamTrack | null>;
  /** Whether the person wants to be seen. */
  readonly cameraOn: Signal<boolean>;
  /** Whether the person wants to be heard. */
  readonly microphoneOn: Signal<boolean>;
  /** No camera for this call, by choice or because it is a voice session. */
  readonly voiceOnly: Signal<boolean>;
  /** Devices are being opened; the browser may be asking. */
  readonly opening: Signal<boolean>;
  /** Why a device that was wanted is not there. */
  readonly failure: Signal<DeviceFailure | null>;
  /** What there is to choose from, once the browser tells. */
  readonly devices: Signal<Device[]>;
  /** Everything that is wanted is open. */
  readonly isComplete: ReadonlySignal<boolean>;
  /** Opens what is wanted and not open yet, with one prompt at most. */
  open(): Promise<void>;
  /** The same, if the browser will not ask anything. */
  openIfAllowed(): Promise<void>;
  toggleCamera(): Promise<void>;
  toggleMicrophone(): Promise<void>;
  /** Uses this camera or microphone from now on. */
  choose(kind: MediaKind, id: string): Promise<void>;
  /** Sound only from now on. */
  useVoiceOnly(): void;
  /** The call takes pictures now: a camera can be turned on, and is not yet. */
  allowCamera(): void;
  /** Goes on with what is open; what failed is not wanted any more. */
  goWithout(): void;
  /** Takes over a track that the line had to open anew. */
  adopt(track: MediaStreamTrack): void;
  /** Keeps the list of devices true, and tries again when a permission changes. */
  watch(): () => void;
  /** Switches everything off. */
  close(): void;
}

/** These say that one of two devices is at fault, not which one: each is tried alone. */
const ONE_IS_AT_FAULT = new Set([
  "NotFoundError",
  "NotReadableError",
  "OverconstrainedError",
  "AbortError",
]);

const KINDS: readonly MediaKind[] = ["camera", "microphone"];

/**
 * One's own camera and microphone. A camera that is off is closed, so that its
 * light goes out; a muted microphone stays open, so that speaking again takes
 * no time.
 */
export const LocalMediaModel: ModelConstructor<
  LocalMedia,
  [DeviceAccess, boolean]
> = createModel(
  (access: DeviceAccess, voiceSession: boolean): LocalMedia => {
    const camera = signal<MediaStreamTrack | null>(null);
    const microphone = signal<MediaStreamTrack | null>(null);
    const cameraOn = signal(!voiceSession);
    const microphoneOn = signal(true);
    const voiceOnly = signal(voiceSession);
    const opening = signal(false);
    const failure = signal<DeviceFailure | null>(null);
    const devices = signal<Device[]>([]);
    /** Whether the person wants a microphone at all; they may just listen. */
    const wantsMicrophone = signal(true);
    const chosen: DeviceRequest = {};
    const slots = { camera, microphone };
    let opened: Promise<void> | null = null;
    let closed = false;

    const missing = (): MediaKind[] => [
      ...(cameraOn.value && !voiceOnly.value && camera.value === null
        ? ["camera" as const]
        : []),
      ...(wantsMicrophone.value && microphone.value === null
        ? ["microphone" as const]
        : []),
    ];

    function keep(track: MediaStreamTrack): void {
      const kind: MediaKind = track.kind === "video" ? "camera" : "microphone";
      // Permission was given after the page had already moved on.
      if (closed || (kind === "camera" && !cameraOn.value)) return track.stop();
      slots[kind].value = track;
      track.addEventListener("ended", () => {
        if (slots[kind].value !== track) return;
        slots[kind].value = null;
        if (kind === "camera") cameraOn.value = false;
        failure.value = {
          kind,
          name: "Ended",
          message: "The device was taken away",
          permission: "granted",
        };
      });
    }

    /** Lets go of a device. The line hears of it first, so that it can say "camera off" while there is a camera. */
    function release(kind: MediaKind): void {
      const track = slots[kind].value;
      slots[kind].value = null;
      if (track !== null) queueMicrotask(() => track.stop());
    }

    async function tryOpen(kinds: MediaKind[]): Promise<unknown> {
      const request = Object.fromEntries(
        kinds.map((kind) => [kind, chosen[kind] ?? true]),
      );
      try {
        const tracks = await access.open(request);
        batch(() => tracks.forEach(keep));
        return null;
      } catch (error) {
        return error;
      }
    }

    async function describe(
      error: unknown,
      kinds: MediaKind[],
    ): Promise<DeviceFailure> {
      const { name, message } = error as Error;
      const states = await Promise.all(
        kinds.map((kind) => access.permission(kind)),
      );
      const denied = kinds.filter((_, index) => states[index] === "denied");
      const blamed = denied.length === 1 ? denied : kinds;
      return {
        kind: blamed.length === 1 ? blamed[0]! : "both",
        name,
        message,
        permission: denied.length > 0 ? "denied" : states[0] ?? "unknown",
      };
    }

    async function openMissing(): Promise<void> {
      const kinds = missing();
      if (kinds.length === 0) return;
      let at = kinds;
      let error = await tryOpen(kinds);
      // The chosen device has gone: any other will do.
      if ((error as Error | null)?.name === "OverconstrainedError") {
        kinds.forEach((kind) => delete chosen[kind]);
        error = await tryOpen(kinds);
      }
      if (
        error !== null && kinds.length === 2 &&
        ONE_IS_AT_FAULT.has((error as Error).name)
      ) {
        const alone = await tryOpen(["microphone"]);
        const other = await tryOpen(["camera"]);
        at = [
          ...(other === null ? [] : KINDS.slice(0, 1)),
          ...(alone === null ? [] : KINDS.slice(1)),
        ];
        error = other ?? alone;
      }
      failure.value = error === null || at.length === 0
        ? null
        : await describe(error, at);
      // The names of the devices are for choosing; joining does not wait for them.
      void refreshDevices();
    }

    async function refreshDevices(): Promise<void> {
      devices.value = await access.list();
    }

    /** One prompt at a time: whoever asks meanwhile waits for the same answer. */
    function open(): Promise<void> {
      closed = false;
      return opened ??= (async () => {
        opening.value = true;
        try {
          await openMissing();
        } finally {
          opening.value = false;
          opened = null;
        }
      })();
    }

    async function openIfAllowed(): Promise<void> {
      const states = await Promise.all(
        missing().map((kind) => access.permission(kind)),
      );
      if (states.length > 0 && states.every((state) => state === "granted")) {
        await open();
      }
    }

    return {
      camera,
      microphone,
      cameraOn,
      microphoneOn,
      voiceOnly,
      opening,
      failure,
      devices,
      isComplete: computed(() => missing().length === 0),
      open,
      openIfAllowed,

      async toggleCamera(): Promise<void> {
        if (cameraOn.value) {
          cameraOn.value = false;
          release("camera");
          return;
        }
        cameraOn.value = true;
        await open();
        if (camera.value === null) cameraOn.value = false;
      },

      async toggleMicrophone(): Promise<void> {
        if (microphone.value === null) {
          wantsMicrophone.value = true;
          microphoneOn.value = true;
          await open();
          return;
        }
        microphoneOn.value = !microphoneOn.value;
      },

      async choose(kind: MediaKind, id: string): Promise<void> {
        chosen[kind] = id;
        if (slots[kind].value === null) return;
        release(kind);
        // A phone opens no second camera while the first is on: let it go first.
        await Promise.resolve();
        await open();
        if (kind === "camera" && camera.value === null) cameraOn.value = false;
      },

      useVoiceOnly(): void {
        voiceOnly.value = true;
        cameraOn.value = false;
        failure.value = null;
        release("camera");
      },

      allowCamera(): void {
        voiceOnly.value = false;
      },

      goWithout(): void {
        failure.value = null;
        if (camera.value === null) cameraOn.value = false;
        if (microphone.value === null) wantsMicrophone.value = false;
      },

      adopt(track: MediaStreamTrack): void {
        keep(track);
      },

      watch(): () => void {
        return access.watch(async () => {
          await refreshDevices();
          if (failure.value?.name === "NotAllowedError") await openIfAllowed();
        });
      },

      close(): void {
        closed = true;
        KINDS.forEach(release);
      },
    };
  },
);
