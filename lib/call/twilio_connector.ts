import type {
  ConnectOptions,
  RemoteAudioTrack,
  RemoteParticipant as TwilioParticipant,
  RemoteTrackPublication,
  RemoteVideoTrack,
  Room,
} from "twilio-video";
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
import { loadSdk } from "@/lib/call/load_sdk.ts";
import type { Sdk } from "@/lib/call/sdk.ts";
import { Sender } from "@/lib/call/sender.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { VideoClientConfig } from "@/lib/video/provider.ts";

/** `wsServer` is how the SDK is pointed at another signalling server; it works, but is in no type. */
type SdkOptions = ConnectOptions & { wsServer?: string };

/** What the connector stands on; tests bring their own. */
export interface Surroundings {
  /** Brings the SDK. */
  load(): Promise<Sdk>;
  /** Where this page comes from, e.g. `https://clinic.example`. */
  origin(): string;
}

const BROWSER: Surroundings = { load: loadSdk, origin: () => location.origin };

/** Lines by the twilio-video SDK, to Twilio's cloud or to an emulator of it. */
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
        // Only whoever misses something wants to know: its code comes then.
        inspect: async () =>
          (await import("@/lib/call/inspect_room.ts")).inspectRoom(room),
        disconnect: () => {
          room.removeAllListeners();
          room.disconnect();
        },
      };
    },
  };
}

function optionsFor(
  { signaling }: VideoClientConfig,
  origin: () => string,
): SdkOptions {
  const options: SdkOptions = { networkQuality: { local: 1, remote: 0 } };
  if (signaling === null) return options;
  // The emulator has no insights gateway, and the call needs none.
  return {
    ...options,
    insights: false,
    wsServer: new URL(signaling, origin().replace(/^http/, "ws")).href,
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
