import { openStorage } from "@/lib/kv/open.ts";
import { type AppProcess, startApp } from "../support/app_process.ts";
import {
  type EmulatorProcess,
  startEmulator,
} from "../support/emulator_process.ts";
import { startKvConnect } from "../support/kv_connect/process.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { pause, type Random } from "./random.ts";

/** How a clinic can be set up. */
export const MODES = [
  "two processes on a KV server",
  "one process on SQLite",
] as const;

/** How a clinic can be set up. */
export type Mode = typeof MODES[number];

/** Everything that runs: the apps, which are killed, and what outlives them. */
export interface Clinic extends AsyncDisposable {
  /** Where people and the video service find it, whichever process answers. */
  origin: string;
  emulator: EmulatorProcess;
  kv: Deno.Kv;
  /**
   * Kills processes at random moments and starts them again, until it is told
   * to stop; then all are up.
   */
  haunt(random: Random, scene: Scene): Promise<void>;
  /** Kills all at once, and starts them again. Answers how many. */
  powerCut(): Promise<number>;
}

/** What a killer looks at. */
export interface Scene {
  /** Asked before each pause, with how many were killed so far. */
  isOver(kills: number): boolean;
  /** Whether much is at stake right now. */
  isTense(): boolean;
}

/** The pause before a kill, in ms. */
const PAUSE_MS = [150, 1_500] as const;
/** How often a kill waits for a tense moment: nearly all others fall between two requests. */
const AIMED = 0.6;
const TENSE_MS_MAX = 1_000;
/** How far into such a moment a kill falls, in ms. */
const STRIKE_MS = [0, 250] as const;

/** How often the next kill does not wait until everything is up again: then there may be no process at all. */
const RELENTLESS = 0.3;

/** A place for a process: the one that is there now, or none while the next starts. */
interface Slot {
  app: AppProcess | null;
}

/** Starts everything. */
export async function openClinic(mode: Mode): Promise<Clinic> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "bedside-kill-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const file = `${folder}/kv.sqlite3`;
  // Tokens that outlive their session must not open its room again (README, step 4).
  const emulator = stack.use(
    await startEmulator("--no-client-rooms", "--control"),
  );
  await slowDown(emulator);
  let storage: Record<string, string> = { KV_PATH: file };
  if (mode === "two processes on a KV server") {
    const server = stack.use(await startKvConnect({ file }));
    storage = { KV_PATH: server.url, DENO_KV_ACCESS_TOKEN: server.accessToken };
  }
  const balancer = stack.use(startBalancer());
  const environment = {
    APP_ENV: "test",
    PUBLIC_BASE_URL: balancer.origin,
    ...storage,
    ...emulator.environment,
  };
  const slots: Slot[] = [];
  stack.defer(async () => {
    await Promise.all(slots.map(({ app }) => app?.[Symbol.asyncDispose]()));
  });
  const raise = async (slot: Slot) => {
    slot.app = await startApp(environment);
    balancer.ports.add(portOf(slot.app));
  };
  // One after the other: the first fills the storage with the demo clinic.
  for (let n = 0; n < (mode === "one process on SQLite" ? 1 : 2); n++) {
    const slot: Slot = { app: null };
    slots.push(slot);
    await raise(slot);
  }
  const kv = await openStorage(storage.KV_PATH, storage.DENO_KV_ACCESS_TOKEN);
  stack.defer(() => kv.close());
  const rest = stack.move();
  return {
    origin: balancer.origin,
    emulator,
    kv,
    async haunt(random, { isOver, isTense }) {
      let raising: Promise<void>[] = [];
      for (let kills = 0; !isOver(kills);) {
        await pause(random.between(...PAUSE_MS));
        if (random.chance(AIMED)) await aim(isTense, random);
        const alive = slots.filter(({ app }) => app !== null);
        const slot = alive[random.between(0, alive.length - 1)];
        if (slot === undefined) continue;
        await strike(slot, balancer);
        kills++;
        const up = raise(slot);
        // Thrown when it is waited for, which may be later.
        up.catch(() => {});
        raising.push(up);
        if (random.chance(RELENTLESS)) continue;
        await Promise.all(raising);
        raising = [];
      }
      await Promise.all(raising);
    },
    async powerCut() {
      await Promise.all(slots.map((slot) => strike(slot, balancer)));
      await Promise.all(slots.map(raise));
      return slots.length;
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

/** Waits for a tense moment, and for some random part of it to pass. */
export async function aim(
  isTense: () => boolean,
  random: Random,
): Promise<void> {
  const deadline = performance.now() + TENSE_MS_MAX;
  while (!isTense() && performance.now() < deadline) await pause(2);
  await pause(random.between(...STRIKE_MS));
}

/** The video service takes as long as Twilio's does from far away, so that there is time to die while it works. */
async function slowDown({ baseUrl }: EmulatorProcess): Promise<void> {
  const answer = await fetch(`${baseUrl}/control/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      rest: [
        { kind: "latency", ms: 100 },
        { kind: "latency", ms: 150, probability: 0.3 },
      ],
    }),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error("The emulator takes no faults");
}

/** The balancer learns of it when the process is gone, as one does. */
async function strike(slot: Slot, balancer: Balancer): Promise<void> {
  const app = slot.app!;
  slot.app = null;
  await app.kill();
  balancer.ports.delete(portOf(app));
  await app[Symbol.asyncDispose]();
}

function portOf({ origin }: AppProcess): number {
  return Number(new URL(origin).port);
}
