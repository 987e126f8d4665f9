import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  type Connection,
  ConnectionError,
  type ConnectionEvents,
  type Connector,
  type LocalTracks,
  type RemoteMedia,
} from "@/lib/call/connection.ts";
import { areAllHere, Lines } from "@/lib/call/lines.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import { aParticipant, settled } from "./fake_line.ts";

const access = (room_name: string) => ({ room_name }) as AccessView;
const camera = { kind: "video" } as MediaStreamTrack;
const microphone = { kind: "audio" } as MediaStreamTrack;
const LOCAL: LocalTracks = { camera, microphone, microphoneOn: true };
const SOUND = {} as RemoteMedia;
const ASHA = aParticipant({ audio: SOUND });
const LOST = new ConnectionError(53001, "lost");

/** Rooms whose doors open when the test says so, and what happens in them. */
function aHouse() {
  const log: string[] = [];
  const rooms = new Map<string, ConnectionEvents>();
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const sent = new Map<string, LocalTracks[]>();
  const connector: Connector = {
    prepare() {},
    async connect({ room_name: name }, local, events): Promise<Connection> {
      rooms.set(name, events);
      sent.set(name, [local]);
      await gates.get(name)?.promise;
      log.push(`in ${name}`);
      return {
        send: (wanted) => void sent.get(name)!.push(wanted),
        inspect: () =>
          Promise.resolve({
            sent: { camera: null, microphone: null },
            received: new Map([[name, { camera: null, microphone: null }]]),
          }),
        disconnect: () => void log.push(`out of ${name}`),
      };
    },
  };
  let later = () => {};
  const lines = new Lines(connector, {
    onParticipants: (present) => log.push(`sees ${present.length}`),
    onReconnecting: () => log.push("reconnecting"),
    onReconnected: () => log.push("reconnected"),
    onQuality: (level) => log.push(`quality ${level}`),
    onLocalTrack: () => log.push("track"),
    onDisconnected: (error) => log.push(`lost ${error?.code}`),
  }, (_ms, run) => {
    later = run;
    return () => later = () => {};
  });
  return {
    lines,
    log,
    sent: (name: string) => sent.get(name)!.at(-1)!,
    at: (name: string) => rooms.get(name)!,
    hold: (name: string) => gates.set(name, Promise.withResolvers()),
    open: (name: string) => gates.get(name)!.resolve(),
    refuse: (name: string, error: Error) => gates.get(name)!.reject(error),
    pass: () => later(),
    /** What happened since the last time this was asked. */
    since: () => log.splice(0),
  };
}

/** Two people in a voice call. */
async function inCall() {
  const house = aHouse();
  await house.lines.enter(access("old"), { ...LOCAL, camera: null });
  house.at("old").onParticipants([ASHA]);
  house.since();
  return house;
}

Deno.test("areAllHere() waits for everybody who is heard to be heard", () => {
  const silent = aParticipant({ audio: null });
  equal(areAllHere([], []), true);
  equal(areAllHere([ASHA], []), false);
  equal(areAllHere([ASHA], [silent]), false);
  equal(areAllHere([ASHA], [ASHA]), true);
  equal(areAllHere([silent], [silent]), true);
});

Deno.test("a call that moves is heard in the old room until the other one is heard in the new", async () => {
  const { lines, at, since, pass, sent } = await inCall();
  equal(await lines.moveTo(access("new"), LOCAL), true);
  equal(lines.roomName, "new");
  at("new").onParticipants([aParticipant({ audio: null })]);
  at("old").onQuality(3);
  at("new").onQuality(5);
  deepEqual(since(), ["in new", "quality 3"]);
  // The picture goes to the new room only; the voice to both.
  deepEqual(sent("old").camera, null);
  deepEqual(sent("old").microphone, microphone);
  deepEqual(sent("new").camera, camera);

  at("new").onParticipants([ASHA]);
  deepEqual(since(), ["sees 1", "reconnected"]);
  // The other side may still listen to the old one for a moment.
  lines.send({ ...LOCAL, microphoneOn: false });
  equal(sent("old").microphoneOn, false);
  at("old").onParticipants([]);
  at("old").onQuality(1);
  deepEqual(since(), []);
  pass();
  at("new").onQuality(5);
  deepEqual(since(), ["out of old", "quality 5"]);
});

Deno.test("the other one is never missed when they leave the old room first", async () => {
  const { lines, at, since } = await inCall();
  await lines.moveTo(access("new"), LOCAL);
  at("new").onParticipants([aParticipant({ audio: null })]);
  since();
  at("old").onParticipants([]);
  deepEqual(since(), ["sees 1", "reconnected"]);
});

Deno.test("who is alone moves at once; so does everybody when the old room is closed", async () => {
  const alone = await inCall();
  alone.at("old").onParticipants([]);
  await alone.lines.moveTo(access("new"), LOCAL);
  deepEqual(alone.since(), ["sees 0", "in new", "sees 0", "reconnected"]);

  const { lines, at, since, pass } = await inCall();
  await lines.moveTo(access("new"), LOCAL);
  at("old").onDisconnected(new ConnectionError(53118, "completed"));
  deepEqual(since(), ["in new", "sees 0", "reconnected"]);
  pass();
  deepEqual(since(), []);
});

Deno.test("an old room that closes before the new line is there is waited over", async () => {
  const { lines, at, since, hold, open } = await inCall();
  hold("new");
  const moving = lines.moveTo(access("new"), LOCAL);
  at("old").onDisconnected(LOST);
  deepEqual(since(), ["sees 0", "reconnecting"]);
  open("new");
  equal(await moving, true);
  deepEqual(since(), ["in new", "sees 0", "reconnected"]);
});

Deno.test("a new line that cannot be made leaves the call where it is; without the old one it is lost", async () => {
  for (const isLost of [false, true]) {
    const { lines, at, since, hold, refuse } = await inCall();
    hold("new");
    const moving = lines.moveTo(access("new"), LOCAL);
    if (isLost) at("old").onDisconnected(LOST);
    refuse("new", new ConnectionError(53405, "media"));
    equal(await moving, false);
    deepEqual(
      since(),
      isLost ? ["sees 0", "reconnecting", "lost 53405"] : [],
    );
    equal(lines.roomName, "old");
  }
});

Deno.test("a new line that breaks before it is used is forgotten, unless the person is elsewhere", async () => {
  for (const [code, told] of [[53405, []], [53205, ["lost 53205"]]] as const) {
    const { lines, at, since } = await inCall();
    await lines.moveTo(access("new"), LOCAL);
    since();
    at("new").onDisconnected(new ConnectionError(code, ""));
    deepEqual(since(), told);
    equal(lines.roomName, "old");
  }
});

Deno.test("hanging up leaves no line behind, open or on the way", async () => {
  const { lines, at, since, hold, open } = await inCall();
  hold("new");
  const moving = lines.moveTo(access("new"), LOCAL);
  lines.hangUp();
  deepEqual(since(), ["out of old"]);
  equal(lines.roomName, null);
  open("new");
  equal(await moving, false);
  deepEqual(since(), ["in new", "out of new"]);
  at("new").onParticipants([ASHA]);
  at("old").onDisconnected(LOST);
  deepEqual(since(), []);

  const lingering = await inCall();
  lingering.at("old").onParticipants([]);
  await lingering.lines.moveTo(access("new"), LOCAL);
  lingering.since();
  lingering.lines.hangUp();
  deepEqual(lingering.since(), ["out of new", "out of old"]);
});

Deno.test("what changes while a line is made is sent when it is there; a line that comes too late is hung up", async () => {
  const { lines, sent, hold, open, since } = aHouse();
  hold("room");
  const entering = lines.enter(access("room"), LOCAL);
  lines.send({ ...LOCAL, microphoneOn: false });
  open("room");
  equal(await entering, true);
  equal(sent("room").microphoneOn, false);
  hold("late");
  const late = lines.enter(access("late"), LOCAL);
  lines.hangUp();
  open("late");
  equal(await late, false);
  deepEqual(since(), ["in room", "out of room", "in late", "out of late"]);
});

Deno.test("a room that refuses throws", async () => {
  const { lines, hold, refuse } = aHouse();
  hold("room");
  const entering = lines.enter(access("room"), LOCAL);
  refuse("room", LOST);
  await rejects(entering, { code: 53001 });
  await settled();
});

Deno.test("S1.34 the line that is shown is looked at; without one there is nothing to see", async () => {
  const house = aHouse();
  equal(await house.lines.inspect(), null);
  await house.lines.enter(access("old"), LOCAL);
  house.at("old").onParticipants([ASHA]);
  const seen =
    async () => [...(await house.lines.inspect())?.received.keys() ?? []];
  deepEqual(await seen(), ["old"]);
  house.hold("new");
  const moving = house.lines.moveTo(access("new"), LOCAL);
  house.open("new");
  await moving;
  deepEqual(await seen(), ["old"]);
  house.at("new").onParticipants([ASHA]);
  deepEqual(await seen(), ["new"]);
  house.lines.hangUp();
  equal(await house.lines.inspect(), null);
});
