/**
 * Signalling sockets dropped at random moments of a negotiation leave no call
 * stuck. Ten drops in the ordinary run; `deno task test:emulator_drops` makes
 * it two hundred. A failure names its seed: `EMULATOR_SEED` repeats it.
 */
import { launchChromium } from "@/tests/support/chromium.ts";
import { randomOf } from "@/tests/support/random.ts";
import assert from "node:assert/strict";
import { Caller } from "./caller.ts";
import { serveEmulator } from "./harness.ts";
import { serveTestPage } from "./page.ts";

const DROPS = Number(Deno.env.get("EMULATOR_DROPS") ?? 10);
const SEED = Number(Deno.env.get("EMULATOR_SEED") ?? Date.now() % 1e9);

const RED = { colour: "#e01010", hertz: 440 };
const RED_PIXEL = [0xe0, 0x10, 0x10];
const BLUE = { colour: "#1010e0", hertz: 880 };
const BLUE_PIXEL = [0x10, 0x10, 0xe0];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test({
  name: `SDK: ${DROPS} sockets dropped at random, seed ${SEED}`,
  // The processes of the two browsers outlive Playwright's timers.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    const random = randomOf(SEED);
    await using stack = new AsyncDisposableStack();
    const page = await serveTestPage();
    const served = stack.use(serveEmulator({
      clientSideRoomCreation: true,
      heartbeatMs: 1000,
    }, page));
    const chromium = [
      stack.use(await launchChromium()),
      stack.use(await launchChromium()),
    ] as const;
    const alice = stack.use(await Caller.open(chromium[0], served));
    const bob = stack.use(await Caller.open(chromium[1], served));
    /** Cuts the socket of one or both at a random moment. */
    const drop = async (withinMs: number) => {
      await pause(random() * withinMs);
      const who = [["alice"], ["bob"], ["alice", "bob"]][
        Math.floor(random() * 3)
      ]!;
      for (const identity of who) served.emulator.faults.dropSockets(identity);
    };

    for (let round = 0; round < Math.ceil(DROPS / 2); round++) {
      await t.step(`round ${round}`, async () => {
        const room = `round ${round}`;
        await alice.join({ identity: "alice", room, media: RED });
        await bob.join({ identity: "bob", room, media: BLUE });
        // While they negotiate for the first time …
        await drop(150);
        await alice.seesColour("bob", BLUE_PIXEL);
        await bob.seesColour("alice", RED_PIXEL);
        // … and while both change what they send.
        const publishing = [alice, bob].map((caller) =>
          caller.call("publish", { hertz: 660, name: `second ${round}` })
        );
        await drop(60);
        await Promise.all(publishing);
        await alice.sees("bob", ["audio", "audio", "video"]);
        await bob.sees("alice", ["audio", "audio", "video"]);
        await Promise.all([alice.receivesMore(), bob.receivesMore()]);
        for (const caller of [alice, bob]) {
          const events = await caller.events();
          assert.ok(!events.some((event) => event.startsWith("disconnected")));
          await caller.page.evaluate("void call.room.disconnect()");
          await caller.page.evaluate("document.body.replaceChildren()");
        }
      });
    }
  },
});
