/**
 * The app is killed at random moments of whole lifecycles, again and again,
 * and started anew, while clients go on; at last everything goes at once, and
 * nobody tries again. Whatever somebody was told has happened must be in the
 * storage then, no session may be stuck, and no room open that nobody uses.
 *
 * `deno task test:kill` plays two hundred lifecycles in each mode; otherwise
 * it is a dozen. KILL_SEED repeats the choices of a run, though not its timing.
 *
 * It has been tried against the app with a mistake put in, and failed each time:
 *
 * - no outbox row for a wish to start: a start that nobody finishes;
 * - a receipt that does not note what was committed: two visits and two
 *   sessions of one request, and what was done to the second is lost;
 * - no note that a room was asked for: rooms whose session was taken back stay open.
 *
 * @module
 */
import assert from "node:assert/strict";
import { say } from "@/lib/log.ts";
import { Client, type ClientOptions, newTally } from "./client.ts";
import { aim, type Clinic, type Mode, MODES, openClinic } from "./clinic.ts";
import {
  examineRooms,
  examineStorage,
  type Findings,
  settled,
} from "./proof.ts";
import { Random } from "./random.ts";
import { newStory, play, type Story } from "./story.ts";

/** How much of it. */
interface Extent {
  modes: readonly Mode[];
  lifecycles: number;
  /** At least so many kills, though the lifecycles may be over before. */
  killsMin: number;
  killsMax: number;
  /** How many lifecycles go on at a time. */
  clients: number;
  /** How long a client sends a change again. A request that died blocks its key for 20 s. */
  patienceMs: number;
}

const SHORT: Extent = {
  modes: [MODES[0]],
  lifecycles: 12,
  killsMin: 2,
  killsMax: 2,
  clients: 6,
  patienceMs: 2_500,
};

const lifecycles = Number(Deno.env.get("KILL_LIFECYCLES") ?? 0);
const extent: Extent = lifecycles === 0 ? SHORT : {
  modes: MODES,
  lifecycles,
  killsMin: 3,
  killsMax: Infinity,
  clients: 24,
  patienceMs: 90_000,
};

/** After the last kill everything must be well within that time. */
const SETTLE_MS_MAX = 90_000;

const DOCTORS = ["dr.rao@demo.bedside", "dr.lee@demo.bedside"];
const PATIENTS = ["asha@demo.bedside", "ben@demo.bedside"];

/** A clinic at work, and everything that happened in it. */
class Play {
  readonly clinic: Clinic;
  readonly seed = Number(Deno.env.get("KILL_SEED") ?? Date.now() % 1e9);
  readonly stories: Story[] = [];
  readonly options: ClientOptions;
  kills = 0;
  #begun = 0;
  #doctors: Client[] = [];
  #patients: Client[] = [];

  constructor(clinic: Clinic) {
    this.clinic = clinic;
    const { patienceMs } = extent;
    this.options = { origin: clinic.origin, tally: newTally(), patienceMs };
  }

  async open(): Promise<Disposable> {
    const stack = new DisposableStack();
    const signIn = async (email: string) =>
      stack.use(await Client.signIn(email, this.options));
    this.#doctors = await Promise.all(DOCTORS.map(signIn));
    this.#patients = await Promise.all(PATIENTS.map(signIn));
    return stack;
  }

  /** Lifecycles under fire. */
  async fight(): Promise<void> {
    let isOver = false;
    const haunting = this.clinic.haunt(new Random(this.seed), {
      isOver: (kills) => {
        this.kills = kills;
        return isOver || kills >= extent.killsMax;
      },
      isTense: () => this.#isTense(),
    });
    const acting = this.#act(() =>
      this.#begun < extent.lifecycles || this.kills < extent.killsMin
    ).finally(() => isOver = true);
    // Also if one fails, nothing goes on when this is over.
    await Promise.allSettled([acting, haunting]);
    await Promise.all([acting, haunting]);
  }

  /** Everybody is in the midst of something when all goes dark, and nobody comes back to it. */
  async end(): Promise<void> {
    const last = this.#begun + extent.clients;
    const acting = this.#act(() => this.#begun < last);
    await aim(() => this.#isTense(), new Random(this.seed));
    this.options.patienceMs = 0;
    this.kills += await this.clinic.powerCut();
    await acting;
    this.options.patienceMs = extent.patienceMs;
  }

  /** Somebody waits for what takes the video service, too. */
  #isTense(): boolean {
    return this.stories.some(({ waitsFor }) =>
      waitsFor === "start" || waitsFor === "end"
    );
  }

  async #act(goesOn: () => boolean): Promise<void> {
    const { baseUrl } = this.clinic.emulator;
    const signalling = `${baseUrl.replace(/^http/, "ws")}/signaling`;
    await Promise.all(Array.from({ length: extent.clients }, async () => {
      while (goesOn()) {
        const n = this.#begun++;
        const random = new Random(this.seed + n);
        const doctor = random.pick(this.#doctors.map((one) => [one, 1]));
        const patient = random.pick(this.#patients.map((one) => [one, 1]));
        const options = { n, random, signalling, doctor, patient };
        const story = newStory(options);
        this.stories.push(story);
        await play(story, options);
      }
    }));
  }
}

/** Sends what planned the sessions once more: every answer is the one that was given. */
async function resend(stories: readonly Story[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { n, doctor, createBody, createKey, told } of stories) {
    if (told.create === undefined) continue;
    const again = await doctor.change("telemedicine/", createBody, createKey);
    if (again?.status === 201 && again.body.id === told.create.id) continue;
    wrong.push(`lifecycle ${n}: planned again, ${again?.status}`);
  }
  return wrong;
}

/** Nobody is refused anything, but those who want a start back that has worked after all. */
function refusals(stories: readonly Story[]): string[] {
  return stories.flatMap(({ n, plot, refused }) =>
    refused.filter((what) =>
      plot !== "second thoughts" || what !== "cancel: 409 invalid_transition"
    ).map((what) => `lifecycle ${n} (${plot}): ${what}`)
  );
}

/** The doctors end what still runs. */
async function endAll(running: Findings["running"]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { id, doctor } of running) {
    const ended = await doctor.change(`telemedicine/${id}/end/`);
    if (ended?.body.status === "COMPLETED") continue;
    wrong.push(`session ${id} cannot be ended: ${ended?.status}`);
  }
  return wrong;
}

async function prove(mode: Mode): Promise<void> {
  await using clinic = await openClinic(mode);
  const { kv, emulator } = clinic;
  const run = new Play(clinic);
  const { stories, options: { tally } } = run;
  using _people = await run.open();
  await run.fight();
  await run.end();

  const wait = await settled(kv, SETTLE_MS_MAX);
  const found = await examineStorage(kv, stories);
  const wrong = [
    ...wait.left,
    ...found.wrong,
    ...refusals(stories),
    ...await examineRooms(kv, emulator),
    ...await resend(stories),
    ...await endAll(found.running),
  ];
  const gaveUp = stories.filter((story) => story.gaveUp).length;
  say(
    `${mode}, seed ${run.seed}: ${stories.length} lifecycles, ${run.kills} kills; ` +
      `of ${tally.sent} requests ${tally.acknowledged} acknowledged, ` +
      `${tally.unanswered} unanswered, "not now" ${
        JSON.stringify(tally.notNow)
      }; ` +
      `${found.doneUntold} changes done that nobody was told of, ` +
      `${gaveUp} lifecycles given up; settled ${wait.ms / 1000} s ` +
      `after the last start: ${JSON.stringify(found.statuses)}`,
  );
  wrong.push(...(await settled(kv, SETTLE_MS_MAX)).left);
  wrong.push(...(await examineStorage(kv, stories)).wrong);
  wrong.push(...await examineRooms(kv, emulator));
  assert.deepEqual(wrong, []);
}

for (const mode of extent.modes) {
  Deno.test(`kill -9 at random moments, ${mode}: nothing acknowledged is lost, nothing is stuck, no room stays open`, () =>
    prove(mode));
}
