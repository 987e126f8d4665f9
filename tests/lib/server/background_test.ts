import assert from "node:assert/strict";
import { mock } from "node:test";
import { parseConfig } from "@/lib/config.ts";
import { takeLease } from "@/lib/kv/lease.ts";
import { openStorage } from "@/lib/kv/open.ts";
import { RECONCILERS } from "@/lib/reconcilers/service.ts";
import { runByCron, runInBackground } from "@/lib/server/background.ts";
import { createRuntime } from "@/lib/server/runtime.ts";
import {
  cancelSession,
  endSession,
  startSession,
} from "@/lib/sessions/service.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import { findSession } from "@/lib/sessions/store.ts";
import { eventually } from "@/tests/lib/twilio_emulator/harness.ts";
import { startApp } from "../../support/app_process.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { quiet } from "../../support/quiet.ts";
import { createWorld, type World } from "../../support/world.ts";

/** A session whose room has yet to be closed, and could be now. */
async function endedInVain(world: World): Promise<string> {
  const { services, doctor, faults } = world;
  const { id } = await world.plan();
  await startSession(services, doctor, id);
  faults.set({ rest: [{ kind: "error", status: 503 }] });
  await endSession(services, doctor, id);
  faults.clear();
  world.pass(10);
  return id;
}

Deno.test("the background keeps promises by itself, and leaves nothing behind when it is stopped", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const { services } = world;
  const background = runInBackground(services);
  // After its first look.
  await eventually(
    () => takeLease(services.kv, "outbox", "another", services.now),
    (lease) => lease === null,
    "the lease to be taken",
  );
  const id = await endedInVain(world);
  await eventually(
    () => findSession(services.kv, id),
    ({ close }) => close === "DONE",
    "the room to be closed",
  );
  await background.stop();
  for (const { name } of RECONCILERS) {
    assert(
      await takeLease(services.kv, name, "the next process", services.now),
      name,
    );
  }
  await assertInvariants(services.kv);
});

Deno.test("the background stops also while the video service hangs, when that step is over", async () => {
  using _ = quiet();
  await using world = await createWorld();
  const id = await endedInVain(world);
  world.faults.set({ rest: [{ kind: "hang" }] });
  const before = world.calls.length;
  const background = runInBackground(world.services);
  await eventually(
    () => world.calls.length,
    (calls) => calls > before,
    "the call that hangs",
  );
  const stopping = background.stop();
  world.faults.clear();
  await stopping;
  await assertInvariants(world.services.kv);
  const { status } = await findSession(world.services.kv, id);
  assert.equal(status, "COMPLETED");
});

Deno.test("what one process has promised and could not keep, the next one keeps", async () => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  const KV_PATH = `${folder}/kv.sqlite3`;
  try {
    let id = "";
    {
      await using world = await createWorld({ KV_PATH }, new Date());
      ({ id } = await world.plan());
      await apply(
        world.services,
        id,
        SYSTEM_VOICE,
        () => ({ type: "start_requested", opId: "op-1" }),
      );
      await cancelSession(world.services, world.doctor, id);
    }
    await using app = await startApp({ KV_PATH });
    {
      using kv = await openStorage(KV_PATH);
      await eventually(
        () => findSession(kv, id),
        ({ close }) => close === "DONE",
        "the promise to be kept",
      );
      await assertInvariants(kv);
    }
    assert.doesNotMatch(app.output(), /"level":"error"/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A scheduler that runs nothing by itself. */
function mockCron() {
  const crons: { schedule: unknown; run: () => Promise<void> }[] = [];
  const getter = mock.getter(
    Deno,
    "cron",
    () => (_name: string, schedule: unknown, run: () => Promise<void>) => {
      crons.push({ schedule, run });
      return Promise.resolve();
    },
  );
  return { crons, [Symbol.dispose]: () => getter.mock.restore() };
}

Deno.test("where no process stays, the app asks the platform's scheduler to do the work, and does none itself", async () => {
  using scheduler = mockCron();
  const settings = {
    APP_ENV: "production",
    PUBLIC_BASE_URL: "https://care.example.org",
    KV_PATH: ":memory:",
  };
  const scheduled = [];
  for (const more of [{}, { DENO_DEPLOYMENT_ID: "preview-1" }]) {
    const environment = { ...settings, ...more };
    const runtime = await createRuntime(parseConfig(environment), environment);
    await runtime.onListen();
    await runtime.endStreams();
    runtime.close();
    scheduled.push(scheduler.crons.map(({ schedule }) => schedule));
  }
  assert.deepEqual(scheduled, [[], ["* * * * *"]]);
});

/** Lets a test say when a run's fifty seconds are over. All other timers run as they do: a world has some of its own. */
function holdRun() {
  let end: (() => void) | undefined;
  const real = globalThis.setTimeout;
  globalThis.setTimeout = ((task: () => void, ms: number) => {
    if (ms !== 50_000) return real(task, ms);
    end = task;
    return 0;
  }) as typeof setTimeout;
  return {
    end: () => end!(),
    [Symbol.dispose]: () => globalThis.setTimeout = real,
  };
}

Deno.test("a run of the scheduler does the work of most of a minute, and ends", async () => {
  using _ = quiet();
  using scheduler = mockCron();
  await using world = await createWorld();
  const id = await endedInVain(world);
  runByCron(world.services);
  using minute = holdRun();
  let isOver = false;
  const running = scheduler.crons[0]!.run().then(() => isOver = true);
  await eventually(
    () => findSession(world.services.kv, id),
    ({ close }) => close === "DONE",
    "the room to be closed",
  );
  assert(!isOver);
  minute.end();
  await running;
  assert(await takeLease(world.services.kv, "outbox", "b", world.services.now));
});
