/**
 * The unmodified `twilio-video` SDK in two Chromium processes against the
 * emulator, and most of it once more with an older version. All tests share
 * the two processes, hence no sanitizers (see `tests/support/chromium.ts`);
 * every test has its own emulator and pages.
 */
import { launchChromium, type TestChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";
import type { EmulatorOptions } from "@/lib/twilio_emulator/mod.ts";
import { Caller, type JoinOptions } from "./caller.ts";
import { accessToken, eventually, serveEmulator } from "./harness.ts";
import { OLDER_SDK, SDK, type SdkVersion, serveTestPage } from "./page.ts";

const RED = { colour: "#e01010", hertz: 440 };
const RED_PIXEL = [0xe0, 0x10, 0x10];
const BLUE = { colour: "#1010e0", hertz: 880 };
const BLUE_PIXEL = [0x10, 0x10, 0xe0];

let chromium: [TestChromium, TestChromium];
let page: (request: Request) => Response;

Deno.test.beforeAll(async () => {
  page = await serveTestPage([SDK, OLDER_SDK]);
  chromium = await Promise.all([launchChromium(), launchChromium()]);
});

Deno.test.afterAll(async () => {
  for (const browser of chromium) await browser[Symbol.asyncDispose]();
});

/** A served emulator with callers on it, all closed at the end of the test. */
class Scene implements AsyncDisposable {
  readonly served;
  readonly #sdk: SdkVersion;
  readonly #stack = new AsyncDisposableStack();

  constructor(options: Partial<EmulatorOptions> = {}, sdk: SdkVersion = SDK) {
    this.#sdk = sdk;
    this.served = this.#stack.use(serveEmulator({
      clientSideRoomCreation: true,
      heartbeatMs: 1000,
      sessionTimeoutSeconds: 10,
      ...options,
    }, (request) => page(request)));
  }

  /** Opens a page in one of the two processes. */
  async caller(process: 0 | 1, sdk = this.#sdk): Promise<Caller> {
    return this.#stack.use(
      await Caller.open(chromium[process], this.served, sdk),
    );
  }

  /** Alice in the first process and Bob in the second, both joined and seeing each other. */
  async pair(
    alice: JoinOptions = {},
    bob: JoinOptions = {},
  ): Promise<[Caller, Caller]> {
    const callers: [Caller, Caller] = [
      await this.caller(0),
      await this.caller(1),
    ];
    const joined = [
      await callers[0].join({ identity: "alice", ...alice }),
      await callers[1].join({ identity: "bob", ...bob }),
    ];
    for (const { error } of joined) assert.equal(error, undefined);
    await callers[0].hears("participantConnected bob");
    return callers;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** A test of the core: what an older SDK must do as well. */
function core(
  name: string,
  run: (sdk: SdkVersion, t: Deno.TestContext) => Promise<void>,
): void {
  Deno.test(name, (t) => run(SDK, t));
  Deno.test(`${name} (${OLDER_SDK})`, (t) => run(OLDER_SDK, t));
}

core("SDK: two processes exchange audio and video", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair();
  await alice.sees("bob", ["audio", "video"]);
  await bob.sees("alice", ["audio", "video"]);
  await Promise.all([alice.receivesMore(), bob.receivesMore()]);
});

core("SDK: what is seen and heard is what the other sends", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair({ media: RED }, { media: BLUE });
  await alice.seesColour("bob", BLUE_PIXEL);
  await bob.seesColour("alice", RED_PIXEL);
  await alice.hearsTone("bob", 880);
  await bob.hearsTone("alice", 440);
});

Deno.test("SDK: an older version in the room of a newer one", async () => {
  await using scene = new Scene();
  const alice = await scene.caller(0, OLDER_SDK);
  const bob = await scene.caller(1);
  await alice.join({ identity: "alice", media: RED });
  await bob.join({ identity: "bob", media: BLUE });
  await alice.seesColour("bob", BLUE_PIXEL);
  await bob.seesColour("alice", RED_PIXEL);
  await alice.hearsTone("bob", 880);
  await bob.hearsTone("alice", 440);
});

core("SDK: mute, camera off, and on again", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair({ media: RED }, { media: BLUE });
  await bob.hearsTone("alice", 440);
  await alice.page.evaluate("call.track('audio').disable()");
  await alice.page.evaluate("call.track('video').disable()");
  await bob.sees("alice", ["audio off", "video off"]);
  await bob.seesColour("alice", [0, 0, 0]);
  await eventually(
    () => bob.call<{ decibels: number }>("tone", "alice"),
    ({ decibels }) => decibels < -80,
    "silence",
  );
  await alice.page.evaluate("call.track('audio').enable()");
  await alice.page.evaluate("call.track('video').enable()");
  await bob.sees("alice", ["audio", "video"]);
  await bob.seesColour("alice", RED_PIXEL);
  await bob.hearsTone("alice", 440);
});

core("SDK: unpublish and publish again", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair({ media: RED }, { media: "none" });
  await bob.seesColour("alice", RED_PIXEL);
  await alice.call("unpublish", "video");
  await bob.sees("alice", ["audio"]);
  await bob.hears("trackUnsubscribed alice video");
  assert.match(await alice.call("publish", { colour: "#1010e0" }), /^MT/);
  await bob.seesColour("alice", BLUE_PIXEL);
});

core("SDK: both publish at the same time", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair(
    { media: { hertz: 440 } },
    { media: { hertz: 880 } },
  );
  await alice.hearsTone("bob", 880);
  await bob.hearsTone("alice", 440);
  for (let round = 0; round < 3; round++) {
    await Promise.all([
      alice.call("publish", { colour: RED.colour }),
      bob.call("publish", { colour: BLUE.colour }),
    ]);
    await alice.seesColour("bob", BLUE_PIXEL);
    await bob.seesColour("alice", RED_PIXEL);
    await Promise.all([
      alice.call("unpublish", "video"),
      bob.call("unpublish", "video"),
    ]);
    await alice.sees("bob", ["audio"]);
    await bob.sees("alice", ["audio"]);
  }
});

core("SDK: data tracks, from the start and in mid-call", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair(
    { media: { data: true } },
    { media: "none" },
  );
  await bob.hears("trackSubscribed alice data");
  await sendUntilHeard(alice, bob, "alice: hello");
  assert.match(await bob.call("publish", { name: "late" }), /^MT/);
  await alice.hears("trackSubscribed bob data");
  await sendUntilHeard(bob, alice, "bob: hello");
});

/** A data channel may open a moment after its track: late joiners miss earlier messages. */
async function sendUntilHeard(from: Caller, to: Caller, expected: string) {
  await eventually(
    async () => {
      await from.page.evaluate("call.track('data').send('hello')");
      return await to.page.evaluate<string[]>("call.data");
    },
    (data) => data.includes(expected),
    expected,
  );
}

Deno.test("SDK: a track name used twice is refused with 53304", async () => {
  await using scene = new Scene();
  const alice = await scene.caller(0);
  await alice.join({ media: RED });
  assert.deepEqual(
    await alice.call("publish", { colour: "#000", name: "colour" }),
    { error: 53304 },
  );
  assert.match(
    await alice.call("publish", { colour: "#000", name: "second" }),
    /^MT/,
  );
});

core("SDK: leaving", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair({ media: "none" }, { media: "none" });
  await bob.page.evaluate("void call.room.disconnect()");
  await alice.hears("participantDisconnected bob");
  await bob.hears("disconnected without error");
  await bob.join({ identity: "bob", media: RED });
  await alice.seesColour("bob", RED_PIXEL);
});

core("SDK: a lost socket is resumed and media never stops", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair();
  await bob.receivesMore();
  scene.served.emulator.faults.dropSockets("alice");
  await alice.hears("reconnecting 53001");
  await bob.hears("participantReconnecting alice");
  await alice.hears("reconnected");
  await bob.hears("participantReconnected alice");
  await Promise.all([alice.receivesMore(), bob.receivesMore()]);
});

core("SDK: changes made during an outage arrive after it", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair({ media: RED }, { media: BLUE });
  await bob.seesColour("alice", RED_PIXEL);
  await alice.seesColour("bob", BLUE_PIXEL);
  const { faults } = scene.served.emulator;
  faults.refuseSockets(true);
  faults.dropSockets();
  await alice.hears("reconnecting 53001");
  await bob.hears("reconnecting 53001");
  await alice.call("unpublish", "video");
  await alice.page.evaluate("call.track('audio').disable()");
  const published = bob.call("publish", { colour: "#10e010", name: "late" });
  faults.refuseSockets(false);
  await alice.hears("reconnected");
  await bob.hears("reconnected");
  await bob.sees("alice", ["audio off"]);
  assert.match(await published as string, /^MT/);
  await alice.sees("bob", ["audio", "video", "video"]);
});

core("SDK: sockets lost during the first negotiation", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const alice = await scene.caller(0);
  const bob = await scene.caller(1);
  const { faults } = scene.served.emulator;
  for (const [round, delay] of [5, 15, 25, 40, 70].entries()) {
    const room = `round ${round}`;
    await alice.join({ identity: "alice", room, media: RED });
    await bob.join({ identity: "bob", room, media: BLUE });
    await new Promise((resolve) => setTimeout(resolve, delay));
    faults.dropSockets(round % 2 ? "alice" : "bob");
    await alice.seesColour("bob", BLUE_PIXEL);
    await bob.seesColour("alice", RED_PIXEL);
    for (const caller of [alice, bob]) {
      await caller.page.evaluate("void call.room.disconnect()");
      await caller.page.evaluate("document.body.replaceChildren()");
    }
  }
});

Deno.test("SDK: an outage longer than the session timeout", async () => {
  await using scene = new Scene({ sessionTimeoutSeconds: 2 });
  const [alice, bob] = await scene.pair({ media: "none" }, { media: "none" });
  const { faults } = scene.served.emulator;
  // Bob keeps the socket he has.
  faults.refuseSockets(true);
  faults.dropSockets("alice");
  await alice.hears("reconnecting 53001");
  await bob.hears("participantReconnecting alice");
  await bob.hears("participantDisconnected alice");
  await alice.hears("disconnected 53001");
  assert.deepEqual(
    (await bob.events()).filter((event) => event.startsWith("disconnected")),
    [],
  );
});

Deno.test("SDK: a server that hangs", async () => {
  await using scene = new Scene();
  const [alice, bob] = await scene.pair({ media: RED }, { media: "none" });
  const { faults } = scene.served.emulator;
  faults.freeze(true);
  await alice.hears("reconnecting 53001");
  await bob.hears("reconnecting 53001");
  faults.freeze(false);
  await alice.hears("reconnected");
  await bob.hears("reconnected");
  await bob.seesColour("alice", RED_PIXEL);
});

core(
  "SDK: the same identity again ends the older session with 53205",
  async (sdk) => {
    await using scene = new Scene({}, sdk);
    const [older, bob] = await scene.pair({ media: RED }, { media: "none" });
    await bob.seesColour("alice", RED_PIXEL);
    const newer = await scene.caller(0);
    const { error } = await newer.join({ identity: "alice", media: BLUE });
    assert.equal(error, undefined);
    await older.hears("disconnected 53205");
    await bob.seesColour("alice", BLUE_PIXEL);
    assert.equal((await bob.call<unknown[]>("remotes")).length, 1);
  },
);

core(
  "SDK: removed over REST, without an error, and free to return",
  async (sdk) => {
    await using scene = new Scene({}, sdk);
    const [alice, bob] = await scene.pair({ media: "none" }, { media: "none" });
    const room = scene.served.client.video.v1.rooms("the room");
    const kicked = await room.participants("bob")
      .update({ status: "disconnected" });
    assert.equal(kicked.status, "disconnected");
    await bob.hears("disconnected without error");
    await alice.hears("participantDisconnected bob");
    assert.equal(
      (await bob.join({ identity: "bob", media: "none" })).error,
      undefined,
    );
  },
);

core("SDK: a room completed over REST ends with 53118", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair({ media: "none" }, { media: "none" });
  const { rooms } = scene.served.client.video.v1;
  const { sid } = await rooms("the room").update({ status: "completed" });
  await alice.hears("disconnected 53118");
  await bob.hears("disconnected 53118");
  const left = await rooms(sid).participants.list();
  assert.deepEqual(left.map(({ identity }) => identity), ["bob", "alice"]);
  assert.ok(left.every(({ status }) => status === "disconnected"));
});

Deno.test("SDK: a closed tab is reconnecting until the session times out", async () => {
  await using scene = new Scene({ sessionTimeoutSeconds: 1 });
  const [alice, bob] = await scene.pair({ media: "none" }, { media: "none" });
  await bob.page.close();
  await alice.hears("participantReconnecting bob");
  await alice.hears("participantDisconnected bob");
});

core("SDK: three participants", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const [alice, bob] = await scene.pair({ media: RED }, { media: BLUE });
  const carol = await scene.caller(1);
  await carol.join({ identity: "carol", media: { colour: "#10e010" } });
  await carol.seesColour("alice", RED_PIXEL);
  await carol.seesColour("bob", BLUE_PIXEL);
  await alice.seesColour("carol", [0x10, 0xe0, 0x10]);
  await bob.seesColour("carol", [0x10, 0xe0, 0x10]);
  await carol.page.evaluate("void call.room.disconnect()");
  await alice.hears("participantDisconnected carol");
  await bob.hears("participantDisconnected carol");
  await alice.seesColour("bob", BLUE_PIXEL);
});

core("SDK: rooms that refuse", async (sdk, t) => {
  await using scene = new Scene({ clientSideRoomCreation: false }, sdk);
  const { rooms } = scene.served.client.video.v1;
  const alice = await scene.caller(0);
  const code = async (options: JoinOptions) =>
    (await alice.join({ media: "none", ...options })).error?.code;

  await t.step("53106: there is no such room", async () => {
    assert.equal(await code({ room: "nowhere" }), 53106);
    assert.equal(await code({ room: null }), 53106);
  });
  await t.step("53106: the room was completed", async () => {
    const { sid } = await rooms.create({ uniqueName: "over" });
    await rooms(sid).update({ status: "completed" });
    assert.equal(await code({ room: "over" }), 53106);
    assert.equal(await code({ room: sid }), 53106);
  });
  await t.step("53105: the room is full", async () => {
    await rooms.create({ uniqueName: "single", maxParticipants: 1 });
    const bob = await scene.caller(1);
    const { error } = await bob.join({
      identity: "bob",
      room: "single",
      media: "none",
    });
    assert.equal(error, undefined);
    assert.equal(await code({ room: "single" }), 53105);
  });
  await t.step("53125: video in an audio-only room", async () => {
    await rooms.create({ uniqueName: "voice", audioOnly: true });
    assert.equal(await code({ room: "voice", media: RED }), 53125);
    assert.equal(
      await code({ room: "voice", media: { hertz: 440, data: true } }),
      undefined,
    );
    assert.deepEqual(await alice.call("publish", { colour: "#000" }), {
      error: 53125,
    });
  });
  await t.step("by SID, with the grant's room as default", async () => {
    const { sid } = await rooms.create({ uniqueName: "named" });
    const token = accessToken({ room: "named" });
    assert.equal(await code({ token, room: sid }), undefined);
    assert.equal(await code({ token, room: null }), undefined);
    assert.equal(await code({ token, room: "single" }), 20106);
  });
  await t.step("53006: the server is busy", async () => {
    scene.served.emulator.faults.busy(-1);
    assert.equal(await code({ room: "named" }), 53006);
    scene.served.emulator.faults.busy(300);
    setTimeout(() => scene.served.emulator.faults.busy(null), 100);
    assert.equal(await code({ room: "named" }), undefined);
  });
});

core("SDK: tokens that are refused", async (sdk) => {
  await using scene = new Scene({}, sdk);
  const alice = await scene.caller(0);
  const refusals: [token: string, code: number][] = [
    ["garbage", 20101],
    [accessToken({ ttl: -10 }), 20104],
    [accessToken({ secret: "wrong" }), 20107],
    [accessToken({ keySid: "SK00000000000000000000000000000000" }), 20103],
    [accessToken({ videoGrant: false }), 20106],
    [accessToken({ room: "another" }), 20106],
  ];
  for (const [token, code] of refusals) {
    const { error } = await alice.join({ token, media: "none" });
    assert.equal(error?.code, code);
    // Without the `ice` exchange, connect is the first message.
    const { error: again } = await alice.join({
      token,
      media: "none",
      sdk: { iceServers: [] },
    });
    assert.equal(again?.code, code);
  }
});

Deno.test("SDK: a room made by a client, and its Insights events", async () => {
  await using scene = new Scene();
  const alice = await scene.caller(0);
  const insights = scene.served.wsServer
    .replace("/signaling", "/v1/VideoEvents");
  const joined = await alice.join({
    room: null,
    media: "none",
    sdk: { insights: true, wsServerInsights: insights },
  });
  assert.match(joined.sid ?? "", /^RM/);
  assert.equal(joined.name, joined.sid);
  const { rooms } = scene.served.client.video.v1;
  const room = await rooms(joined.sid!).fetch();
  assert.equal(room.emptyRoomTimeout, 0);
  await alice.page.evaluate("void call.room.disconnect()");
  await eventually(
    async () => (await rooms(joined.sid!).fetch()).status,
    (status) => status === "completed",
    "the room to end with its last participant",
  );
});
