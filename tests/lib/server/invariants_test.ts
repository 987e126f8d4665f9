import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openStorage } from "@/lib/kv/open.ts";
import {
  cancelSession,
  endSession,
  startSession,
} from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import { quiet } from "../../support/quiet.ts";
import type { Visit } from "@/lib/visits/visit.ts";
import { createWorld } from "../../support/world.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs the command on a storage. */
async function run(
  KV_PATH: string,
): Promise<{ code: number; lines: string[]; errors: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--config",
      `${ROOT}deno.json`,
      `${ROOT}lib/server/invariants.ts`,
    ],
    // Where no .env is.
    cwd: await Deno.realPath(Deno.env.get("TMPDIR") ?? "/tmp"),
    env: { NO_COLOR: "1", KV_PATH },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code,
    lines: text(stdout).trim().split("\n"),
    errors: text(stderr),
  };
}

/** Sessions of a good storage, by what they are for. */
interface Ids {
  planned: string;
  running: string;
  completed: string;
  /** Its room has yet to be closed. */
  cancelled: string;
}

/** Fills a file with a session in each situation. */
async function fill(KV_PATH: string): Promise<Ids> {
  using _ = quiet();
  await using world = await createWorld({ KV_PATH });
  const { services, doctor } = world;
  const completed = (await world.plan()).id;
  await startSession(services, doctor, completed);
  world.pass(61);
  await endSession(services, doctor, completed);
  const running = (await world.plan()).id;
  const cancelled = (await world.plan()).id;
  await apply(
    services,
    cancelled,
    SYSTEM_VOICE,
    () => ({ type: "start_requested", opId: "op-1" }),
  );
  await cancelSession(services, doctor, cancelled);
  await startSession(services, doctor, running);
  return { planned: (await world.plan()).id, running, completed, cancelled };
}

/** Changes a session behind the app's back. */
async function alter(
  kv: Deno.Kv,
  id: string,
  about: Partial<Session>,
): Promise<void> {
  const { value } = await kv.get<Session>(["session", id]);
  await kv.set(["session", id], { ...value, ...about });
}

/** Somebody's or something's doing, and the invariant that tells of it. */
const TAMPERINGS: [
  invariant: string,
  what: string,
  tamper: (kv: Deno.Kv, ids: Ids) => Promise<unknown>,
][] = [
  [
    "I1",
    "a revision that nobody made",
    (kv, { planned }) => alter(kv, planned, { rev: 2 }),
  ],
  [
    "I2",
    "a changed word in the history",
    async (kv, { completed }) => {
      const key = ["audit", "e", `s:${completed}`, 2];
      const { value } = await kv.get<{ reason: string | null }>(key);
      await kv.set(key, { ...value, reason: "nothing happened" });
    },
  ],
  [
    "I2",
    "a history without its end",
    (kv, { completed }) => kv.delete(["audit", "e", `s:${completed}`, 5]),
  ],
  [
    "I3",
    "a status of which no history tells",
    (kv, { planned }) => alter(kv, planned, { status: "CANCELLED" }),
  ],
  [
    "I4",
    "a session that runs nowhere",
    (kv, { running }) => alter(kv, running, { roomSid: null }),
  ],
  [
    "I5",
    "a minute more on the bill",
    (kv, { completed }) => alter(kv, completed, { durationSeconds: 121 }),
  ],
  [
    "I6",
    "a room that nobody will close",
    (kv, { cancelled }) => alter(kv, cancelled, { close: "NONE" }),
  ],
  [
    "I7",
    "a promise that is forgotten",
    (kv, { cancelled }) => kv.delete(["outbox", cancelled, "room.close"]),
  ],
  [
    "I8",
    "a session that is in no list",
    async (kv, { planned }) => {
      const { value } = await kv.get<Session>(["session", planned]);
      const { patient, scheduledStart } = value!;
      const key = ["sessions_by_patient", patient.id, scheduledStart, planned];
      assert.notEqual((await kv.get(key)).value, null);
      await kv.delete(key);
    },
  ],
  [
    "I12",
    "a session that waits for ever in a closed visit",
    async (kv, { planned }) => {
      const { value } = await kv.get<Session>(["session", planned]);
      const key = ["visit", value!.visitId];
      const visit = (await kv.get<Visit>(key)).value;
      await kv.set(key, { ...visit, status: "CLOSED" });
    },
  ],
  [
    "I8",
    "a session that is gone, and still listed",
    (kv, { planned }) => kv.delete(["session", planned]),
  ],
];

Deno.test("task invariants answers 0 for a storage in which all agrees, and 1 with a line for each contradiction", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  try {
    const ids = await fill(`${folder}/good/kv.sqlite3`);
    await t.step("all agrees", async () => {
      const { code, lines } = await run(`${folder}/good/kv.sqlite3`);
      assert.equal(code, 0, lines.join("\n"));
      assert.deepEqual(lines, ["[OK] 4 sessions, 1 visits, 0 contradictions"]);
    });
    for (const [n, [invariant, what, tamper]] of TAMPERINGS.entries()) {
      await t.step(`${invariant} ${what}`, async () => {
        const copy = `${folder}/${n}`;
        await Deno.mkdir(copy);
        for await (const { name } of Deno.readDir(`${folder}/good`)) {
          await Deno.copyFile(`${folder}/good/${name}`, `${copy}/${name}`);
        }
        {
          using kv = await openStorage(`${copy}/kv.sqlite3`);
          await tamper(kv, ids);
        }
        const { code, lines } = await run(`${copy}/kv.sqlite3`);
        assert.equal(code, 1);
        const found = lines.slice(0, -1);
        assert(
          found.some((line) => line.startsWith(`[ERROR] ${invariant} `)),
          lines.join("\n"),
        );
        assert.match(
          lines.at(-1)!,
          new RegExp(`^\\[ERROR\\] . sessions, 1 visits, ${found.length} `),
        );
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("task invariants answers 2 where it could not look, and makes no storage", async () => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-test-" });
  try {
    await Deno.writeTextFile(
      `${folder}/text`,
      "no storage at all, ".repeat(99),
    );
    for (
      const path of [
        `${folder}/nowhere/kv.sqlite3`,
        `${folder}/text`,
        folder,
        ":memory:",
      ]
    ) {
      const { code, lines, errors } = await run(path);
      assert.equal(code, 2, errors);
      assert.deepEqual(lines, [""]);
      assert.match(errors, /^error: .*KV_PATH/);
      assert.equal(errors.trim().split("\n").length, 1, errors);
    }
    const left = await Array.fromAsync(Deno.readDir(folder));
    assert.deepEqual(left.map(({ name }) => name), ["text"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
