import { deepEqual, equal, rejects } from "node:assert/strict";
import { EventEmitter } from "node:events";
import {
  type Connection,
  ConnectionError,
  type ConnectionEvents,
  type LocalTracks,
  type RemoteParticipant,
} from "@/lib/call/connection.ts";
import type { Sdk } from "@/lib/call/sdk.ts";
import { twilioConnector } from "@/lib/call/twilio_connector.ts";
import type { VideoClientConfig } from "@/lib/video/provider.ts";
import { FakeTrack } from "@/tests/lib/call/fake_line.ts";

/** Deno has no MediaStream; the connector only ever wraps one track in it. */
class OneTrackStream {
  readonly #tracks: unknown[];
  constructor(tracks: unknown[]) {
    this.#tracks = tracks;
  }
  getTracks() {
    return this.#tracks;
  }
}
(globalThis as { MediaStream?: unknown }).MediaStream ??= OneTrackStream;

/** A local track as the SDK makes it, which writes down what is done to it. */
class SdkTrack extends EventEmitter {
  readonly log: string[] = [];
  isStopped = false;
  mediaStreamTrack: unknown;
  readonly #getUserMedia: () => Promise<{ getTracks(): unknown[] }>;

  constructor(mediaStreamTrack: unknown, getUserMedia: SdkTrack["restart"]) {
    super();
    this.mediaStreamTrack = mediaStreamTrack;
    this.#getUserMedia = getUserMedia as never;
  }
  enable(on = true) {
    this.log.push(on ? "enable" : "disable");
  }
  disable() {
    this.log.push("disable");
  }
  stop() {
    this.log.push("stop");
  }
  async restart(): Promise<void> {
    this.log.push("restart");
    this.mediaStreamTrack = (await this.#getUserMedia()).getTracks()[0];
  }
}

class FakeRoom extends EventEmitter {
  participants = new Map<string, unknown>();
  disconnected = false;
  readonly published: SdkTrack[] = [];
  readonly localParticipant = Object.assign(new EventEmitter(), {
    publishTrack: (track: SdkTrack) => {
      this.published.push(track);
      return Promise.resolve();
    },
  });
  disconnect() {
    this.disconnected = true;
  }
}

function aRemoteTrack(id: string) {
  const log: string[] = [];
  return {
    log,
    mediaStreamTrack: { id },
    attach: () => log.push("attach"),
    detach: () => log.push("detach"),
  };
}

function aPublication(track: unknown, isTrackEnabled = true) {
  return { track, isTrackEnabled };
}

function aRemote(identity: string, video: unknown[], audio: unknown[] = []) {
  const byIndex = (all: unknown[]) =>
    new Map(all.map((one, index) => [`MT${index}`, one]));
  return {
    identity,
    state: "connected",
    videoTracks: byIndex(video),
    audioTracks: byIndex(audio),
  };
}

const CLOUD: VideoClientConfig = { service: "twilio", signaling: null };
const EMULATOR: VideoClientConfig = {
  service: "emulator",
  signaling: "/signaling",
};
const ACCESS = {
  token: "secret",
  room_name: "bs-7f3k",
  session_id: "01SESSION",
  identity: "01DOCTOR",
  expires_at: "2026-11-20T12:10:00.000Z",
  waiting: false,
};

function aTrack(kind: "audio" | "video", id: string): MediaStreamTrack {
  return new FakeTrack(kind, id) as unknown as MediaStreamTrack;
}

async function connected(
  { video = CLOUD, local, room = new FakeRoom(), refuse, isSupported = true }: {
    video?: VideoClientConfig;
    local?: Partial<LocalTracks>;
    room?: FakeRoom;
    refuse?: Error & { code?: number };
    isSupported?: boolean;
  } = {},
) {
  const made: SdkTrack[] = [];
  const connects: [token: string, options: Record<string, unknown>][] = [];
  const heard: {
    participants: RemoteParticipant[][];
    ends: (ConnectionError | null)[];
    said: string[];
  } = {
    participants: [],
    ends: [],
    said: [],
  };
  const sdk = {
    isSupported,
    async createLocalTracks(
      { getUserMedia, ...constraints }: {
        getUserMedia: (c: unknown) => Promise<OneTrackStream>;
      },
    ) {
      const [track] = (await getUserMedia(constraints)).getTracks();
      const local = new SdkTrack(
        track,
        () => getUserMedia(constraints) as never,
      );
      made.push(local);
      return [local];
    },
    connect(token: string, options: Record<string, unknown>) {
      connects.push([token, options]);
      return refuse === undefined
        ? Promise.resolve(room)
        : Promise.reject(refuse);
    },
  } as unknown as Sdk;
  const events: ConnectionEvents = {
    onParticipants: (present) => void heard.participants.push(present),
    onReconnecting: () => void heard.said.push("reconnecting"),
    onReconnected: () => void heard.said.push("reconnected"),
    onQuality: (level) => void heard.said.push(`quality ${level}`),
    onLocalTrack: () => void heard.said.push("local track"),
    onDisconnected: (error) => void heard.ends.push(error),
  };
  const connector = twilioConnector(video, {
    load: () => Promise.resolve(sdk),
    origin: () => "https://clinic.example",
  });
  const line: Connection = await connector.connect(
    ACCESS,
    { camera: null, microphone: null, microphoneOn: true, ...local },
    events,
  );
  return { line, made, connects, heard, room };
}

/** Lets the sender finish what it has to change. */
const quiet = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("connect() enters the named room with the token and the tracks that are open (S1.18)", async () => {
  const camera = aTrack("video", "cam");
  const { connects, made } = await connected({ local: { camera } });
  const [token, options] = connects[0]!;
  equal(token, "secret");
  equal(options.name, "bs-7f3k");
  deepEqual(options.tracks, made);
  equal(made[0]!.mediaStreamTrack, camera);
});

Deno.test("Twilio's cloud is reached as the SDK does it, an emulator on this very host or where it is", async () => {
  const cloud = (await connected()).connects[0]![1];
  equal("wsServer" in cloud || "insights" in cloud, false);
  const emulator = (await connected({ video: EMULATOR })).connects[0]![1];
  equal(emulator.wsServer, "wss://clinic.example/signaling");
  equal(emulator.insights, false);
  const signaling = "ws://127.0.0.1:4010/signaling";
  const external = (await connected({ video: { ...EMULATOR, signaling } }))
    .connects[0]![1];
  equal(external.wsServer, signaling);
});

Deno.test("who is muted before joining joins muted", async () => {
  const { made } = await connected({
    local: { microphone: aTrack("audio", "mic"), microphoneOn: false },
  });
  equal(made[0]!.log[0], "disable");
});

Deno.test("a refusal becomes a ConnectionError with the service's number (S1.25)", async () => {
  const refuse = Object.assign(new Error("Room not found"), { code: 53106 });
  await rejects(
    connected({ refuse }),
    (error: ConnectionError) => error.code === 53106,
  );
});

Deno.test("a browser without WebRTC is told apart", async () => {
  await rejects(
    connected({ isSupported: false }),
    (error: ConnectionError) => error.code === "unsupported",
  );
});

Deno.test("whoever is already there is told at once, with what arrives of them (S1.20, S1.24)", async () => {
  const room = new FakeRoom();
  const picture = aRemoteTrack("v");
  room.participants.set(
    "PA1",
    aRemote("01PATIENT", [aPublication(picture)], [aPublication(null)]),
  );
  const { heard } = await connected({ room });
  const [patient] = heard.participants[0]!;
  deepEqual([patient!.identity, patient!.camera, patient!.microphone], [
    "01PATIENT",
    "on",
    "starting",
  ]);

  const element = {} as HTMLMediaElement;
  patient!.video!.attach(element);
  patient!.video!.detach(element);
  deepEqual(picture.log, ["attach", "detach"]);
});

Deno.test("every change is a new view; the same track stays the same media", async () => {
  const room = new FakeRoom();
  const picture = aRemoteTrack("v");
  room.participants.set("PA1", aRemote("01PATIENT", [aPublication(picture)]));
  const { heard } = await connected({ room });
  room.participants.set(
    "PA1",
    aRemote("01PATIENT", [aPublication(picture, false)]),
  );
  room.emit("trackDisabled");
  equal(heard.participants[1]![0]!.camera, "off");
  equal(heard.participants[1]![0]!.video, heard.participants[0]![0]!.video);

  room.participants.clear();
  room.emit("participantDisconnected");
  deepEqual(heard.participants[2], []);
});

Deno.test("the state of the connection is passed on, with the reason of its end", async () => {
  const { room, heard } = await connected();
  room.emit("reconnecting");
  room.emit("reconnected");
  room.localParticipant.emit("networkQualityLevelChanged", 4);
  room.emit(
    "disconnected",
    room,
    Object.assign(new Error("Room completed"), { code: 53118 }),
  );
  room.emit("disconnected", room);
  deepEqual(heard.said, ["reconnecting", "reconnected", "quality 4"]);
  deepEqual(heard.ends.map((end) => end?.code ?? null), [53118, null]);
});

Deno.test("disconnect() hangs up and says nothing more (S1.28)", async () => {
  const { line, room, heard } = await connected();
  line.disconnect();
  room.emit("disconnected", room);
  equal(room.disconnected, true);
  deepEqual(heard.ends, []);
});

Deno.test("a camera that goes off is disabled first and then stopped", async () => {
  const { line, made } = await connected({
    local: { camera: aTrack("video", "cam") },
  });
  await quiet();
  made[0]!.log.length = 0;
  line.send({ camera: null, microphone: null, microphoneOn: true });
  equal(made[0]!.log[0], "disable");
  await quiet();
  equal(made[0]!.log.includes("stop"), true);
});

Deno.test("a camera that comes back uses the same publication, with the new track", async () => {
  const { line, made, room } = await connected({
    local: { camera: aTrack("video", "first") },
  });
  line.send({ camera: null, microphone: null, microphoneOn: true });
  await quiet();
  const second = aTrack("video", "second");
  line.send({ camera: second, microphone: null, microphoneOn: true });
  await quiet();
  equal(made.length, 1);
  deepEqual(room.published, []);
  equal(made[0]!.mediaStreamTrack, second);
  equal(made[0]!.log.at(-1), "enable");
});

Deno.test("a camera that is first switched on during the call is published then (S1.19)", async () => {
  const { line, made, room } = await connected();
  line.send({
    camera: aTrack("video", "cam"),
    microphone: null,
    microphoneOn: true,
  });
  await quiet();
  deepEqual(room.published, made);
});

Deno.test("many changes in a row end with the last one", async () => {
  const { line, made } = await connected({
    local: { camera: aTrack("video", "first") },
  });
  const last = aTrack("video", "last");
  for (const camera of [null, aTrack("video", "second"), null, last]) {
    line.send({ camera, microphone: null, microphoneOn: true });
  }
  await quiet();
  equal(made[0]!.mediaStreamTrack, last);
  equal(made[0]!.log.at(-1), "enable");
});
