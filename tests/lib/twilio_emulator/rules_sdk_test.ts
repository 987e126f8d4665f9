/**
 * Rules set over REST, as the unmodified SDK in browsers sees them, and the
 * live page while it does. The tests share two processes, hence no sanitizers
 * (see `tests/support/chromium.ts`).
 */
import { launchChromium, type TestChromium } from "@/tests/support/chromium.ts";
import axe from "axe-core";
import assert from "node:assert/strict";
import { Caller } from "./caller.ts";
import { eventually, serveEmulator } from "./harness.ts";
import { serveTestPage } from "./page.ts";

const UNSANITIZED = { sanitizeOps: false, sanitizeResources: false } as const;

let chromium: [TestChromium, TestChromium];
let page: (request: Request) => Response;

Deno.test.beforeAll(async () => {
  page = await serveTestPage();
  chromium = await Promise.all([launchChromium(), launchChromium()]);
});

Deno.test.afterAll(async () => {
  for (const browser of chromium) await browser[Symbol.asyncDispose]();
});

const EVERYTHING = {
  media: { colour: "#e01010", hertz: 440, data: true },
} as const;

/** Alice, who sends everything, and Bob, who sends nothing. */
async function scene(
  stack: AsyncDisposableStack,
  bobs: Record<string, unknown> = {},
) {
  const served = stack.use(serveEmulator({
    clientSideRoomCreation: true,
    monitor: true,
  }, (request) => page(request)));
  const alice = stack.use(await Caller.open(chromium[0], served));
  const bob = stack.use(await Caller.open(chromium[1], served));
  await alice.join({ identity: "alice", ...EVERYTHING });
  await bob.join({ identity: "bob", media: "none", sdk: bobs });
  const rules = served.client.video.v1.rooms("the room").participants("bob")
    .subscribeRules;
  return { served, alice, bob, rules };
}

Deno.test(
  "SDK: subscribe rules take tracks away and give them back",
  UNSANITIZED,
  async () => {
    await using stack = new AsyncDisposableStack();
    const { alice, bob, rules } = await scene(stack);
    await bob.sees("alice", ["audio", "data", "video"]);
    await bob.hearsTone("alice", 440);
    await rules.update({ rules: [{ type: "include", kind: "audio" }] });
    await bob.hears("trackUnsubscribed alice video");
    await bob.sees("alice", [
      "audio",
      "data unsubscribed",
      "video unsubscribed",
    ]);
    await bob.hearsTone("alice", 440);
    await rules.update({ rules: [{ type: "include", publisher: "alice" }] });
    await bob.sees("alice", ["audio", "data", "video"]);
    await bob.seesColour("alice", [0xe0, 0x10, 0x10]);
    await alice.page.evaluate("call.track('data').send('hello again')");
    await eventually(
      () => bob.page.evaluate<string[]>("call.data"),
      (data) => data.includes("alice: hello again"),
      "a message after the track was given back",
    );
  },
);

Deno.test(
  "SDK: automaticSubscription off, then rules for one track",
  UNSANITIZED,
  async () => {
    await using stack = new AsyncDisposableStack();
    const { bob, rules } = await scene(stack, { automaticSubscription: false });
    await bob.sees("alice", [
      "audio unsubscribed",
      "data unsubscribed",
      "video unsubscribed",
    ]);
    const [rule] = (await rules.fetch()).rules;
    assert.deepEqual([rule?.type, rule?.all], ["exclude", true]);
    await rules.update({ rules: [{ type: "include", track: "colour" }] });
    await bob.sees("alice", [
      "audio unsubscribed",
      "data unsubscribed",
      "video",
    ]);
    await bob.seesColour("alice", [0xe0, 0x10, 0x10]);
  },
);

Deno.test(
  "SDK: priorities, and whether the room is recorded",
  UNSANITIZED,
  async () => {
    await using stack = new AsyncDisposableStack();
    const { served, alice, bob } = await scene(stack);
    await bob.sees("alice", ["audio", "data", "video"]);
    await alice.page.evaluate(`call.room.localParticipant.publishTrack(
    new Video.LocalDataTrack({ name: "urgent" }), { priority: "high" })`);
    await eventually(
      () =>
        bob.page.evaluate<string[]>(
          "[...call.room.participants.values()][0].tracks.values()" +
            ".map(({ publishPriority }) => publishPriority).toArray().sort()",
        ),
      (priorities) => priorities.join() === "high,standard,standard,standard",
      "the priority of the publisher",
    );

    const isRecording = () =>
      bob.page.evaluate<boolean>("call.room.isRecording");
    assert.equal(await isRecording(), false);
    await bob.page.evaluate(`["recordingStarted", "recordingStopped"].forEach(
    (event) => call.room.on(event, () => call.events.push(event)))`);
    const { recordingRules } = served.client.video.v1.rooms("the room");
    await recordingRules.update({
      rules: [{ type: "include", kind: "audio" }],
    });
    await bob.hears("recordingStarted");
    assert.equal(await isRecording(), true);
    await recordingRules.update({ rules: [{ type: "exclude", all: true }] });
    await bob.hears("recordingStopped");
  },
);

for (const colorScheme of ["light", "dark"] as const) {
  Deno.test(
    `monitor: the live page, ${colorScheme}, shows a call and is accessible`,
    UNSANITIZED,
    async () => {
      await using stack = new AsyncDisposableStack();
      const { served, alice } = await scene(stack);
      const live = await chromium[0].newPage({
        colorScheme,
        viewport: { width: 320, height: 700 },
      });
      try {
        const problems: string[] = [];
        live.on("console", (message) => {
          if (message.type() === "error") problems.push(message.text());
        });
        await live.goto(`${served.baseUrl}/`);
        await live.getByText("Live", { exact: true }).waitFor();
        await live.getByRole("heading", { name: "the room" }).waitFor();
        await live.getByText(/^alice: connected/).waitFor();
        await alice.page.evaluate("call.track('audio').disable()");
        await live.getByText(/audio “tone” \(off\)/).waitFor();
        await live.getByRole("row", { name: /connected/ }).first().waitFor();

        // While it is paused nothing moves; then everything is caught up with.
        await live.getByRole("button", { name: "Pause" }).click();
        await alice.page.evaluate("call.track('audio').enable()");
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert.equal(await live.getByText(/audio “tone” \(off\)/).count(), 1);
        await live.getByRole("button", { name: "Pause" }).click();
        await live.getByText(/audio “tone” \(off\)/).waitFor({
          state: "detached",
        });

        const text = await live.content();
        assert.ok(!text.includes("eyJ"), "a token is shown");
        await live.evaluate(axe.source);
        const violations = await live.evaluate(async () => {
          const { violations } =
            await (globalThis as unknown as { axe: typeof axe }).axe.run();
          return violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
        });
        assert.deepEqual(violations, []);
        const isWide = await live.evaluate(
          "document.documentElement.scrollWidth > innerWidth",
        );
        assert.equal(isWide, false);
        assert.deepEqual(problems, []);
        if (Deno.env.get("SCREENSHOTS")) {
          await live.setViewportSize({ width: 1200, height: 900 });
          await live.screenshot({
            path: `${Deno.env.get("SCREENSHOTS")}/${colorScheme}.png`,
            fullPage: true,
          });
        }
      } finally {
        await live.context().close();
      }
    },
  );
}
