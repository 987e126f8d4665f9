/**
 * A long call keeps the emulator's memory flat and leaves nothing behind: two
 * SDKs in two browsers, the emulator in a process of its own, and something
 * happening all the time. Each action once in the ordinary run;
 * `deno task test:emulator_soak` goes on for twenty minutes and prints a line
 * for each action (`EMULATOR_SOAK_SECONDS` sets another duration).
 */
import { launchChromium, type TestChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Caller, type JoinOptions, type Place } from "./caller.ts";
import type { Census } from "./census.ts";
import { ACCOUNT, eventually, restClient } from "./harness.ts";

const SECONDS = Number(Deno.env.get("EMULATOR_SOAK_SECONDS") ?? 0);
const IS_LONG = SECONDS >= 60;

/** From one action to the next, in a long soak. */
const PERIOD_MS = 10_000;

/** What is allocated and compiled before that is not counted. */
const WARM_UP_MS = Math.min(180_000, SECONDS * 1000 / 4);

const MIB = 2 ** 20;
const MAX_GROWTH = 15 * MIB;
const MAX_GROWTH_PER_MINUTE = 1 * MIB;

/** Few, so that the machine can do something else for twenty minutes. */
const FPS = IS_LONG ? 5 : 20;
const ALICE = { colour: "#e01010", hertz: 440, fps: FPS };
const RED_PIXEL = [0xe0, 0x10, 0x10];
const BOB = { colour: "#1010e0", hertz: 880, fps: FPS };
const BLUE_PIXEL = [0x10, 0x10, 0xe0];

const ROOM = "soak";

/** The emulator in a process of its own. Disposing sees it end by itself. */
class EmulatorProcess implements Place, AsyncDisposable {
  readonly origin: string;
  readonly wsServer: string;
  readonly client;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, origin: string) {
    this.#child = child;
    this.origin = origin;
    this.wsServer = `${origin.replace("http", "ws")}/twilio-emulator/signaling`;
    this.client = restClient(
      `${origin}/twilio-emulator`,
      ACCOUNT.accountSid,
      ACCOUNT.authToken,
    );
  }

  static async start(): Promise<EmulatorProcess> {
    const file = new URL("soak_process.ts", import.meta.url);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--v8-flags=--expose-gc", fileURLToPath(file)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    const { value = "" } = await reader.read();
    await reader.cancel();
    return new EmulatorProcess(child, value.trim());
  }

  async census(): Promise<Census> {
    const response = await fetch(`${this.origin}/census`);
    return await response.json();
  }

  /** Cuts somebody's socket; everybody's without a name. */
  async drop(identity?: string): Promise<void> {
    const response = await fetch(
      `${this.origin}/twilio-emulator/control/faults`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ drop: identity ? { identity } : {} }),
      },
    );
    await response.body?.cancel();
    assert.equal(response.status, 200);
  }

  async createRoom(): Promise<void> {
    await this.client.video.v1.rooms.create({
      uniqueName: ROOM,
      statusCallback: `${this.origin}/callbacks`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stdin.close();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 15_000);
    const { code, signal } = await this.#child.status;
    clearTimeout(timer);
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
  }
}

/** Two people in a room, and what may happen to them. */
class Soak {
  readonly emulator: EmulatorProcess;
  readonly #browsers: readonly [TestChromium, TestChromium];
  alice!: Caller;
  bob!: Caller;

  constructor(
    emulator: EmulatorProcess,
    browsers: readonly [TestChromium, TestChromium],
  ) {
    this.emulator = emulator;
    this.#browsers = browsers;
  }

  async begin(): Promise<void> {
    await this.emulator.createRoom();
    this.alice = await Caller.open(this.#browsers[0], this.emulator);
    this.bob = await Caller.open(this.#browsers[1], this.emulator);
    await this.#join(this.alice, { identity: "alice", media: ALICE });
    await this.#join(this.bob, { identity: "bob", media: BOB });
    await this.seeEachOther();
  }

  async seeEachOther(): Promise<void> {
    await this.alice.seesColour("bob", BLUE_PIXEL);
    await this.bob.seesColour("alice", RED_PIXEL);
    await this.alice.sees("bob", ["audio", "video"]);
    await this.bob.sees("alice", ["audio", "video"]);
    await Promise.all([this.alice.receivesMore(), this.bob.receivesMore()]);
  }

  /** One after another, over and over. Each ends as it began: both in the room, with sound and picture. */
  readonly actions: Record<string, () => Promise<void>> = {
    "mute and unmute": async () => {
      await this.alice.page.evaluate("call.track('audio').disable()");
      await this.bob.sees("alice", ["audio off", "video"]);
      await this.alice.page.evaluate("call.track('audio').enable()");
    },
    "camera off and on": async () => {
      await this.bob.page.evaluate("call.track('video').disable()");
      await this.alice.sees("bob", ["audio", "video off"]);
      await this.alice.seesColour("bob", [0, 0, 0]);
      await this.bob.page.evaluate("call.track('video').enable()");
    },
    "publish again": async () => {
      await this.bob.call("unpublish", "video");
      await this.alice.sees("bob", ["audio"]);
      assert.match(await this.bob.call("publish", BOB), /^MT/);
    },
    "a data track comes and goes": async () => {
      assert.match(await this.alice.call("publish", { name: "data" }), /^MT/);
      await eventually(
        async () => {
          await this.alice.page.evaluate("call.track('data').send('hello')");
          return await this.bob.page.evaluate<string[]>("call.data");
        },
        (data) => data.includes("alice: hello"),
        "hello",
      );
      await this.alice.call("unpublish", "data");
      await this.bob.page.evaluate("void (call.data = [])");
    },
    "a socket is lost": async () => {
      await this.#forget();
      await this.emulator.drop("alice");
      await this.alice.hears("reconnecting 53001");
      await this.alice.hears("reconnected");
      await this.bob.hears("participantReconnected alice");
    },
    "leave and rejoin": async () => {
      await this.#leave(this.bob);
      await this.alice.hears("participantDisconnected bob");
      await this.#join(this.bob, { identity: "bob", media: BOB });
    },
    "all sockets are lost": async () => {
      await this.#forget();
      await this.emulator.drop();
      await this.alice.hears("reconnected");
      await this.bob.hears("reconnected");
    },
    "removed over REST": async () => {
      await this.emulator.client.video.v1.rooms(ROOM).participants("bob")
        .update({ status: "disconnected" });
      await this.bob.hears("disconnected without error");
      await this.#leave(this.bob);
      await this.#join(this.bob, { identity: "bob", media: BOB });
    },
    "a closed tab, and in again": async () => {
      await this.alice.page.context().close();
      this.alice = await Caller.open(this.#browsers[0], this.emulator);
      // The older session is not over yet: the new one ends it.
      await this.#join(this.alice, { identity: "alice", media: ALICE });
    },
    "another room": async () => {
      await this.emulator.client.video.v1.rooms(ROOM)
        .update({ status: "completed" });
      await this.alice.hears("disconnected 53118");
      await this.bob.hears("disconnected 53118");
      await this.emulator.createRoom();
      await this.#leave(this.alice);
      await this.#leave(this.bob);
      await this.bob.page.reload();
      await this.#join(this.alice, { identity: "alice", media: ALICE });
      await this.#join(this.bob, { identity: "bob", media: BOB });
    },
  };

  /** Everybody goes, and the room ends. */
  async end(): Promise<void> {
    await this.#leave(this.alice);
    await this.#leave(this.bob);
    const { rooms } = this.emulator.client.video.v1;
    await rooms(ROOM).update({ status: "completed" });
    const running = await rooms.list({ status: "in-progress" });
    assert.equal(running.length, 0);
  }

  async #join(caller: Caller, options: JoinOptions): Promise<void> {
    const { error } = await caller.join({ ...options, room: ROOM });
    assert.equal(error, undefined);
  }

  async #leave(caller: Caller): Promise<void> {
    await caller.page.evaluate("void call.room.disconnect()");
    await caller.page.evaluate("call.tracks.forEach((it) => it.stop?.())");
    await caller.page.evaluate("document.body.replaceChildren()");
  }

  async #forget(): Promise<void> {
    for (const caller of [this.alice, this.bob]) {
      await caller.page.evaluate("void (call.events = [])");
    }
  }
}

/** What was measured after an action. */
interface Sample {
  readonly ms: number;
  readonly census: Census;
}

/** Least squares: bytes per minute. */
function slopePerMinute(samples: readonly Sample[], kind: "rss" | "heap") {
  const points = samples.map(({ ms, census }) => ({
    x: ms / 60_000,
    y: census[kind],
  }));
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const covariance = mean(points.map((it) => (it.x - x) * (it.y - y)));
  return covariance / mean(points.map((it) => (it.x - x) ** 2));
}

/** What is there while two people talk and nothing else happens. */
function settled({ sockets, sessions, channels, pairs, timers }: Census) {
  return { sockets, sessions, channels, pairs, timers };
}

function say(line: string): void {
  if (IS_LONG) Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const mib = (bytes: number) => (bytes / MIB).toFixed(2);

Deno.test({
  name: `SDK: a soak of ${IS_LONG ? `${SECONDS} seconds` : "every action"}`,
  // The processes of the two browsers outlive Playwright's timers.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using stack = new AsyncDisposableStack();
    const emulator = stack.use(await EmulatorProcess.start());
    const soak = new Soak(emulator, [
      stack.use(await launchChromium()),
      stack.use(await launchChromium()),
    ]);
    /** Waits until what an action has left behind is gone. */
    const settle = (expected: ReturnType<typeof settled>) =>
      eventually(
        () => emulator.census(),
        (census) =>
          JSON.stringify(settled(census)) === JSON.stringify(expected),
        `nothing but ${JSON.stringify(expected)}`,
        15_000,
      );
    const empty = settled(await emulator.census());
    assert.deepEqual(Object.values(empty), [0, 0, 0, 0, 0]);

    await soak.begin();
    const calm = {
      sockets: 2,
      sessions: 2,
      channels: 1,
      pairs: 1,
      // Two of each socket, one of each participant, one of the room.
      timers: 7,
    };
    await settle(calm);

    /** Does it, and sees the call go on and nothing left behind. */
    const turnOf = async (act: () => Promise<void>) => {
      await act();
      await soak.seeEachOther();
      const before = await soak.alice.received();
      const since = performance.now();
      return { before, since, census: await settle(calm) };
    };

    const samples: Sample[] = [];
    let frames = 0;
    const actions = Object.entries(soak.actions);
    const start = performance.now();
    for (let turn = 0;; turn++) {
      const elapsed = performance.now() - start;
      if (turn >= actions.length && elapsed >= SECONDS * 1000) break;
      const [name, act] = actions[turn % actions.length]!;
      const { before, since, census } = await turnOf(act)
        .catch((cause) => {
          throw new Error(`"${name}", turn ${turn}`, { cause });
        });
      samples.push({ ms: performance.now() - start, census });
      say(
        `${(elapsed / 1000).toFixed(0).padStart(5)} s  ` +
          `rss ${mib(census.rss)}  heap ${mib(census.heap)}  ` +
          `external ${mib(census.external)} MiB  ${name}`,
      );
      if (!IS_LONG) continue;
      const rest = (turn + 1) * PERIOD_MS - (performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
      const now = await soak.alice.received();
      const arrived = now.framesDecoded - before.framesDecoded;
      const due = FPS * (performance.now() - since) / 1000;
      assert.ok(arrived > due / 2, `${arrived} frames of ${due} after ${name}`);
      frames += arrived;
    }

    await soak.end();
    await settle(empty);
    const counted = samples.filter(({ ms }) => ms >= WARM_UP_MS);
    for (const kind of ["heap", "rss"] as const) {
      const slope = slopePerMinute(counted, kind);
      const growth = counted.at(-1)!.census[kind] - counted[0]!.census[kind];
      say(`${kind}: ${mib(slope)} MiB/min, ${mib(growth)} MiB after warm-up`);
      assert.ok(growth < MAX_GROWTH, `${kind}: ${growth} bytes`);
      if (!IS_LONG) continue;
      assert.ok(slope < MAX_GROWTH_PER_MINUTE, `${kind}: ${slope} bytes/min`);
    }
    say(`${samples.length} actions, ${frames} frames in between`);
  },
});
