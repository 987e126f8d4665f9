import type {
  ConnectOptions,
  LocalAudioTrack,
  LocalVideoTrack,
  RemoteAudioTrack,
  RemoteParticipant as TwilioParticipant,
  RemoteTrackPublication,
  RemoteVideoTrack,
  Room,
} from "twilio-video";
import { asset } from "fresh/runtime";
import {
  type Connection,
  ConnectionError,
  type ConnectionEvents,
  type Connector,
  type LocalTracks,
  type MediaState,
  type RemoteMedia,
  type RemoteParticipant,
} from "@/lib/call/connection.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { VideoClientConfig } from "@/lib/video/provider.ts";

/** What the call uses of the SDK; `lib/assets/sdk.ts` builds just this. */
export type Sdk = Pick<
  typeof import("twilio-video"),
  "connect" | "createLocalTracks" | "isSupported"
>;

/** `wsServer` is how the SDK is pointed at another signalling server; it works, but is in no type. */
type SdkOptions = ConnectOptions & { wsServer?: string };

let loading: Promise<Sdk> | null = null;

/** The SDK, fetched once. A failed attempt is forgotten, so that trying again means something. */
function loadSdk(): Promise<Sdk> {
  return loading ??= import(asset("/twilio-video.js")).catch((error) => {
    loading = null;
    throw new ConnectionError("not_loaded", String(error?.message ?? error));
  });
}

/** What the connector stands on; tests bring their own. */
export interface Surroundings {
  /** Brings the SDK. */
  load(): Promise<Sdk>;
  /** Where this page comes from, e.g. `https://clinic.example`. */
  origin(): string;
}

const BROWSER: Surroundings = { load: loadSdk, origin: () => location.origin };

/** Lines by the twilio-video SDK, to Twilio's cloud or to the emulator on this host. */
export function twilioConnector(
  video: VideoClientConfig,
  { load, origin }: Surroundings = BROWSER,
): Connector {
  return {
    prepare(): void {
      load().catch(() => {});
    },

    async connect(
      access: AccessView,
      local: LocalTracks,
      events: ConnectionEvents,
    ): Promise<Connection> {
      const sdk = await load();
      if (!sdk.isSupported) {
        throw new ConnectionError(
          "unsupported",
          "This browser cannot hold video calls",
        );
      }
      const sender = new Sender(sdk, events);
      const tracks = await sender.prepare(local);
      const room = await sdk.connect(access.token, {
        ...optionsFor(video, origin),
        name: access.room_name,
        tracks,
      })
        .catch((error: unknown) => {
          throw toConnectionError(error);
        });
      sender.enter(room);
      follow(room, events);
      return {
        send: (wanted) => sender.send(wanted),
        disconnect: () => {
          room.removeAllListeners();
          room.disconnect();
        },
      };
    },
  };
}

function optionsFor(
  { signalingPath }: VideoClientConfig,
  origin: () => string,
): SdkOptions {
  const options: SdkOptions = { networkQuality: { local: 1, remote: 0 } };
  if (signalingPath === null) return options;
  // The emulator has no insights gateway, and the call needs none.
  return {
    ...options,
    insights: false,
    wsServer: origin().replace(/^http/, "ws") + signalingPath,
  };
}

function toConnectionError(error: unknown): ConnectionError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return new ConnectionError(
    typeof code === "number" ? code : 0,
    String(message ?? error),
  );
}

/** Everything the room says, told in the call's words. */
function follow(room: Room, events: ConnectionEvents): void {
  const tell = () =>
    events.onParticipants([...room.participants.values()].map(viewParticipant));
  // Each of these can change what there is to see or hear of somebody.
  const changes = [
    "participantConnected",
    "participantDisconnected",
    "participantReconnecting",
    "participantReconnected",
    "trackPublished",
    "trackUnpublished",
    "trackSubscribed",
    "trackUnsubscribed",
    "trackSubscriptionFailed",
    "trackEnabled",
    "trackDisabled",
  ];
  const emitter: { on(event: string, listener: () => void): unknown } = room;
  for (const change of changes) emitter.on(change, tell);
  room.on("reconnecting", () => events.onReconnecting());
  room.on("reconnected", () => events.onReconnected());
  room.on("disconnected", (_room: Room, error?: Error) => {
    events.onDisconnected(
      error === undefined ? null : toConnectionError(error),
    );
  });
  room.localParticipant.on(
    "networkQualityLevelChanged",
    (level: number) => events.onQuality(level),
  );
  // Whoever was there before us has said everything already.
  tell();
}

function viewParticipant(participant: TwilioParticipant): RemoteParticipant {
  const [video] = participant.videoTracks.values();
  const [audio] = participant.audioTracks.values();
  return {
    identity: participant.identity,
    camera: stateOf(video),
    microphone: stateOf(audio),
    video: mediaOf(video?.track),
    audio: mediaOf(audio?.track),
    reconnecting: participant.state === "reconnecting",
  };
}

function stateOf(publication: RemoteTrackPublication | undefined): MediaState {
  if (publication === undefined || !publication.isTrackEnabled) return "off";
  return publication.track === null ? "starting" : "on";
}

const known = new WeakMap<object, RemoteMedia>();

/** One view for one track, so that an element is not attached anew with every change. */
function mediaOf(
  track: RemoteAudioTrack | RemoteVideoTrack | null | undefined,
): RemoteMedia | null {
  if (track === null || track === undefined) return null;
  const seen = known.get(track);
  if (seen !== undefined) return seen;
  const media: RemoteMedia = {
    track: track.mediaStreamTrack,
    attach: (element) => void track.attach(element),
    detach: (element) => void track.detach(element),
  };
  known.set(track, media);
  return media;
}

/**
 * Keeps what the SDK publishes equal to what the call wants to send.
 *
 * A camera that goes off is first disabled, which the other side sees, and
 * then stopped together with the SDK's clone of it, which puts out its light.
 * Coming back, the same publication gets a new track, so that the other side
 * has nothing to subscribe to again.
 */
class Sender {
  readonly #sdk: Sdk;
  readonly #events: ConnectionEvents;
  #room: Room | null = null;
  #video: LocalVideoTrack | null = null;
  #audio: LocalAudioTrack | null = null;
  #wanted: LocalTracks = { camera: null, microphone: null, microphoneOn: true };
  #running = false;
  /** What the SDK gets when it asks for media the next time. */
  #next: MediaStreamTrack | null = null;
  /** What the SDK opened by itself and has not begun to use. */
  readonly #reopened = new Set<MediaStreamTrack>();

  constructor(sdk: Sdk, events: ConnectionEvents) {
    this.#sdk = sdk;
    this.#events = events;
  }

  /** The tracks to enter the room with. */
  async prepare(
    local: LocalTracks,
  ): Promise<(LocalAudioTrack | LocalVideoTrack)[]> {
    this.#wanted = local;
    if (local.microphone !== null) {
      this.#audio = await this.#create(local.microphone) as LocalAudioTrack;
      if (!local.microphoneOn) this.#audio.disable();
    }
    if (local.camera !== null) {
      this.#video = await this.#create(local.camera) as LocalVideoTrack;
    }
    return [this.#audio, this.#video].filter((track) => track !== null);
  }

  enter(room: Room): void {
    this.#room = room;
    this.send(this.#wanted);
  }

  send(wanted: LocalTracks): void {
    this.#wanted = wanted;
    // Being heard or seen ends at once, whatever else is under way.
    if (wanted.microphone === null || !wanted.microphoneOn) {
      this.#audio?.disable();
    }
    if (wanted.camera === null) this.#video?.disable();
    if (!this.#running) void this.#settle();
  }

  /** One change after the other, until nothing is left to change. */
  async #settle(): Promise<void> {
    if (this.#room === null) return;
    this.#running = true;
    try {
      for (let done: LocalTracks | null = null; done !== this.#wanted;) {
        const wanted = done = this.#wanted;
        this.#audio = await this.#fit(this.#audio, wanted.microphone) as
          | LocalAudioTrack
          | null;
        this.#video = await this.#fit(this.#video, wanted.camera) as
          | LocalVideoTrack
          | null;
      }
    } catch {
      // The device went away under our hands; the device model notices and says so.
    } finally {
      this.#running = false;
    }
    const { camera, microphone, microphoneOn } = this.#wanted;
    this.#audio?.enable(microphone !== null && microphoneOn);
    this.#video?.enable(camera !== null);
  }

  async #fit(
    local: LocalAudioTrack | LocalVideoTrack | null,
    wanted: MediaStreamTrack | null,
  ): Promise<LocalAudioTrack | LocalVideoTrack | null> {
    if (wanted === null) {
      local?.disable();
      local?.stop();
      return local;
    }
    if (local === null) {
      const made = await this.#create(wanted);
      await this.#room?.localParticipant.publishTrack(made);
      return made;
    }
    if (local.mediaStreamTrack !== wanted) {
      this.#next = wanted;
      await local.restart();
    }
    return local;
  }

  /** An SDK track for media that is open already. */
  async #create(
    track: MediaStreamTrack,
  ): Promise<LocalAudioTrack | LocalVideoTrack> {
    this.#next = track;
    const isAudio = track.kind === "audio";
    const [local] = await this.#sdk.createLocalTracks({
      // Which microphone is the person's choice; the SDK shall not follow the system's default.
      audio: isAudio && { defaultDeviceCaptureMode: "manual" },
      video: !isAudio,
      getUserMedia: (constraints) => this.#getUserMedia(constraints),
    });
    const made = local as LocalAudioTrack | LocalVideoTrack;
    made.on("started", () => {
      if (this.#reopened.delete(made.mediaStreamTrack)) {
        this.#events.onLocalTrack(made.mediaStreamTrack);
      }
    });
    return made;
  }

  /** Hands the SDK the track it is to use; when it asks by itself (iOS after a phone call), a new one. */
  async #getUserMedia(
    { audio, video }: MediaStreamConstraints,
  ): Promise<MediaStream> {
    const track = this.#next;
    this.#next = null;
    if (track !== null) return new MediaStream([track]);
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: Boolean(audio),
      video: video ? { width: 640, facingMode: "user" } : false,
    });
    stream.getTracks().forEach((opened) => this.#reopened.add(opened));
    return stream;
  }
}
