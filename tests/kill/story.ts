import { CONSENT_VERSION } from "@/lib/recordings/consent_version.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { joinRoom } from "@/lib/setup/signalling_probe.ts";
import type { Answer, Client } from "./client.ts";
import { pause, type Random } from "./random.ts";

/** How a lifecycle goes on after its session is planned. */
const PLOTS = [
  /** Start, tokens, both step into the room and out of it, leave, end. */
  ["whole", 50],
  /** Taken back before the start. */
  ["cancelled", 12],
  /** Started, and the doctor is never seen again. */
  ["unended", 10],
  /** Nothing: everybody vanishes. */
  ["unstarted", 4],
  /** The doctor's line breaks during the start, and that is the last of it. */
  ["broken start", 8],
  /** The doctor's line breaks during the start; the next thing they do is to take it back. */
  ["second thoughts", 10],
  /** The doctor's line breaks during the end. */
  ["broken end", 6],
] as const;

/** How a lifecycle goes on after its session is planned. */
export type Plot = typeof PLOTS[number][0];

/** What was asked for in a lifecycle, and what was acknowledged: what somebody was told has happened. */
export interface Story {
  n: number;
  plot: Plot;
  /** The visit's reason, which no other visit has. */
  reason: string;
  /** The key that the session was planned with, and what was asked for. */
  createKey: string;
  createBody: unknown;
  doctor: Client;
  /** Every change that was ever sent. */
  asked: Set<Act>;
  /** What is being asked for now, and has not been answered. */
  waitsFor: Act | null;
  /** The answer to each that was acknowledged. */
  told: Partial<Record<Act, SessionView>>;
  visitId: string | null;
  /** Ids that planning was answered with, however often it was sent. */
  planned: Set<string>;
  /** Email addresses of those who were given a token. */
  admitted: Set<string>;
  /** What was refused for good, and why. */
  refused: string[];
  /** Some answer never came, although the client was patient. */
  gaveUp: boolean;
}

/** What is done to a session. */
export type Act = "create" | "start" | "leave" | "cancel" | "end";

/** What a lifecycle needs besides its people. */
export interface StoryOptions {
  n: number;
  /** Of its own: what one lifecycle does hangs on no other. */
  random: Random;
  doctor: Client;
  patient: Client;
  /** The signalling socket of the video service. */
  signalling: string;
}

/** How long somebody looks at the screen before the next click, in ms. */
const THINK_MS = [0, 250] as const;
/** After so many milliseconds a line breaks: while the request travels, is worked on, or is answered. */
const BREAK_MS = [1, 60] as const;
const JOIN_MS = 3_000;

/** A lifecycle in which nothing has happened yet. */
export function newStory({ n, random, doctor }: StoryOptions): Story {
  return {
    n,
    plot: random.pick(PLOTS),
    reason: `Lifecycle ${n}`,
    createKey: crypto.randomUUID(),
    createBody: null,
    doctor,
    asked: new Set(),
    waitsFor: null,
    told: {},
    visitId: null,
    planned: new Set(),
    admitted: new Set(),
    refused: [],
    gaveUp: false,
  };
}

/** Plays a lifecycle and writes down what is acknowledged. */
export async function play(story: Story, options: StoryOptions): Promise<void> {
  const id = await plan(story, options);
  if (id !== null) await PLAYERS[story.plot](new Stage(story, id, options));
}

type Player = (stage: Stage) => Promise<unknown>;

const PLAYERS: Record<Plot, Player> = {
  async whole(stage) {
    const { random, story: { doctor } } = stage;
    const { patient } = stage.options;
    if (random.chance(0.4)) await stage.admit(patient);
    const isRecorded = random.chance(0.3);
    if (isRecorded) {
      await stage.consent(doctor);
      await stage.consent(patient);
    }
    if (!await stage.act("start")) return;
    await Promise.all([doctor, patient].map((who) => stage.visitRoom(who)));
    if (random.chance(0.7)) await stage.act("leave", patient);
    await stage.act("end");
  },
  cancelled: (stage) => stage.act("cancel"),
  async unended(stage) {
    if (await stage.act("start")) await stage.admit(stage.story.doctor);
  },
  unstarted: () => Promise.resolve(),
  "broken start": (stage) => stage.breakOff("start"),
  async "second thoughts"(stage) {
    await stage.breakOff("start");
    await stage.act("cancel");
  },
  async "broken end"(stage) {
    if (await stage.act("start")) await stage.breakOff("end");
  },
};

/** Opens a visit and plans its session. Answers the session's id, or null if that did not work. */
async function plan(
  story: Story,
  { random, doctor, patient }: StoryOptions,
): Promise<string | null> {
  const visit = settle(
    story,
    "visit",
    await doctor.change("visits/", {
      patient_email: patient.email,
      reason: story.reason,
    }),
  );
  if (visit === null) return null;
  story.visitId = visit.id;
  story.createBody = {
    visit_id: visit.id,
    scheduled_start: new Date().toISOString(),
    recording_enabled: random.chance(0.4),
  };
  story.asked.add("create");
  // Two clicks are one wish, whichever processes they meet.
  const clicks = random.chance(0.25) ? 2 : 1;
  const answers = await Promise.all(
    Array.from(
      { length: clicks },
      () => doctor.change("telemedicine/", story.createBody, story.createKey),
    ),
  );
  for (const answer of answers) {
    const session = settle(story, "create", answer);
    if (session === null) continue;
    story.told.create = session;
    story.planned.add(session.id);
  }
  return story.told.create?.id ?? null;
}

/** Takes an answer down. Answers what was acknowledged, or null. */
function settle(story: Story, what: string, answer: Answer | null) {
  if (answer === null) story.gaveUp = true;
  else if (answer.status >= 300) {
    story.refused.push(`${what}: ${answer.status} ${answer.body?.code}`);
  } else return answer.body;
  return null;
}

/** A planned session, and what people do to it. */
class Stage {
  readonly story: Story;
  readonly options: StoryOptions;
  readonly random: Random;
  readonly #id: string;

  constructor(story: Story, id: string, options: StoryOptions) {
    this.story = story;
    this.#id = id;
    this.options = options;
    this.random = options.random;
  }

  /** Does something and insists on an answer. Answers whether it was acknowledged. */
  async act(act: Act, who: Client = this.story.doctor): Promise<boolean> {
    await this.#begin(act);
    const answer = await who.change(`telemedicine/${this.#id}/${act}/`);
    this.story.waitsFor = null;
    const session = settle(this.story, act, answer);
    if (session === null) return false;
    this.story.told[act] = session;
    return true;
  }

  /** Does something and never hears what became of it. */
  async breakOff(act: Act): Promise<void> {
    await this.#begin(act);
    await this.story.doctor.ask("POST", `telemedicine/${this.#id}/${act}/`, {
      json: {},
      key: crypto.randomUUID(),
      hangUpMs: this.random.between(...BREAK_MS),
    });
    this.story.waitsFor = null;
  }

  /** Lets somebody have a token. */
  async admit(who: Client): Promise<AccessView | null> {
    await this.#think();
    const answer = await who.change("telemedicine/token/", {
      session_id: this.#id,
    });
    const access = settle(this.story, "token", answer);
    if (access !== null) this.story.admitted.add(who.email);
    return access;
  }

  async consent(who: Client): Promise<void> {
    const answer = await who.change(`telemedicine/${this.#id}/consent/`, {
      granted: true,
      text_version: CONSENT_VERSION,
    });
    settle(this.story, "consent", answer);
  }

  /** Steps into the room and out again, so that the app is told of it. */
  async visitRoom(who: Client): Promise<void> {
    const access = await this.admit(who);
    if (access === null) return;
    await joinRoom(this.options.signalling, {
      token: access.token,
      roomName: access.room_name,
      timeoutMs: JOIN_MS,
    });
  }

  async #begin(act: Act): Promise<void> {
    await this.#think();
    this.story.asked.add(act);
    this.story.waitsFor = act;
  }

  #think(): Promise<void> {
    return pause(this.random.between(...THINK_MS));
  }
}
