import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Caller } from "@/lib/accounts/account.ts";
import { AppError } from "@/lib/errors.ts";
import { checkInvariants } from "@/lib/invariants/service.ts";
import { reconcile, RECONCILERS } from "@/lib/reconcilers/service.ts";
import type { Services } from "@/lib/services.ts";
import { createSession, requestAccess } from "@/lib/sessions/service.ts";
import { isOver, type Session } from "@/lib/sessions/session.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { closeVisit } from "@/lib/visits/service.ts";
import { handledKv } from "../support/handled_kv.ts";
import { handledVideo } from "../support/handled_video.ts";
import { Ledger } from "../support/ledger.ts";
import { NOON } from "../support/noon.ts";
import { PassingTime } from "../support/passing_time.ts";
import { randomOf } from "../support/random.ts";
import { type Doer, Turns } from "../support/turns.ts";
import { type Clinic, type Mail, openClinic, type Who } from "./clinic.ts";
import { COMMANDS, DONE, isJustified } from "./commands.ts";
import { Guest } from "./guest.ts";
import type { Act, CallFault, CommitFault, Step } from "./steps.ts";

type ActOf<K extends Act["act"]> = Extract<Act, { act: K }>;

/** One run of the program, until it crashes. */
interface Process extends Doer {
  /** Names its leases. */
  owner: string;
  services: Services;
  /** The commit after so many more goes wrong. */
  fault: { kind: CommitFault; after: number } | null;
}

/** Something that a process is doing. */
interface Task extends Doer {
  process: Process;
  /** The reconciler that does it. */
  lease: string | null;
}

/** What is thrown on purpose. */
class Injected extends Error {}

/** How long to let reconcilers work after everything is well again. */
const ROUNDS_MAX = 8;
/** Longer than any pause between two attempts, and than a room is young. */
const ROUND_SECONDS = 61;

/**
 * Lets the steps happen in a clinic of their own, interleaved as the seed has
 * it, then makes everything well again and lets the reconcilers work. Throws
 * when anything is not as it must be, with the whole course of events.
 */
export async function runInterleaving(
  { steps, seed }: { steps: readonly Step[]; seed: number },
): Promise<void> {
  using time = new PassingTime(NOON);
  await using clinic = await openClinic();
  const random = randomOf(seed);
  using turns = new Turns<Task>(random);
  await using run = new Interleaving(clinic, time, turns, random);
  using _ = listening(turns.trace);
  try {
    await run.happens(steps);
    await run.recovers();
  } catch (error) {
    const course = turns.trace.slice(-400).join("\n");
    throw new Error(`${(error as Error).message}\n${course}`, { cause: error });
  }
}

/** What the product logs belongs to the course of events. */
function listening(trace: string[]): Disposable {
  const { error } = console;
  // deno-lint-ignore no-console -- takes the log
  console.error = (line) => trace.push(`  log: ${String(line).slice(0, 300)}`);
  return {
    [Symbol.dispose]() {
      // deno-lint-ignore no-console -- gives it back
      console.error = error;
    },
  };
}

class Interleaving implements AsyncDisposable {
  readonly #clinic: Clinic;
  readonly #time: PassingTime;
  readonly #turns: Turns<Task>;
  readonly #random: () => number;
  readonly #ledger = new Ledger();
  readonly #processes: [Process, Process];
  readonly #live = new Set<Task>();
  readonly #problems: string[] = [];
  readonly #guests: Guest[] = [];
  readonly #opened: Mail[] = [];
  readonly #tokens: { token: string; roomName: string; identity: string }[] =
    [];
  /** What answers said, each to be found in the end. */
  readonly #answers: Session[] = [];
  #callFault: CallFault | null = null;
  #count = 0;

  constructor(
    clinic: Clinic,
    time: PassingTime,
    turns: Turns<Task>,
    random: () => number,
  ) {
    this.#clinic = clinic;
    this.#time = time;
    this.#turns = turns;
    this.#random = random;
    this.#processes = [this.#boot("A"), this.#boot("B")];
  }

  /** Everything that the steps say, in their order. */
  async happens(steps: readonly Step[]): Promise<void> {
    await this.#knowVisits();
    // Two that can only run one after the other.
    for (const recording of [true, false]) {
      this.#create({
        visit: 0,
        inMinutes: 0,
        recording,
        voice: !recording,
        on: 0,
      });
    }
    await this.#allDone();
    for (const { turns, ...act } of steps) {
      this.#turns.trace.push(`— ${JSON.stringify(act)}`);
      await this.#act(act);
      for (let n = 0; n < turns; n++) await this.#turn();
      if (this.#random() < 0.1) await this.#holds();
    }
    await this.#allDone();
    await this.#holds();
  }

  /** When nothing is wrong any more, everything comes right by itself. */
  async recovers(): Promise<void> {
    this.#turns.trace.push("— everything is well again");
    this.#clinic.emulator.faults.clear();
    this.#callFault = null;
    for (const process of this.#processes) process.fault = null;
    for (const mail of this.#clinic.letterBox.splice(0)) {
      if (this.#random() < 0.5) this.#deliver(mail, 0);
    }
    await this.#allDone();
    await this.#comesToRest();
    for (const session of this.#sessions()) {
      const { id, status, startIntent } = session;
      if (status === "SCHEDULED") {
        assert.equal(startIntent, null, `${id} is still starting`);
      }
      if (status === "IN_PROGRESS") await this.#hasItsRoom(session);
    }
    this.#turns.trace.push("— a day later");
    // Longer than any plan, session and room.
    this.#time.pass(30 * 3600);
    await this.#comesToRest();
    for (const { id, status } of this.#sessions()) {
      assert(isOver(status), `${id} is ${status} for ever`);
    }
    await this.#historiesAreWhole();
  }

  async #knowVisits(): Promise<void> {
    for (const id of this.#clinic.visitIds) {
      const { value } = await this.#clinic.services.kv.get(["visit", id]);
      this.#ledger.landed([{ key: ["visit", id], value }]);
    }
  }

  #sessions(): Session[] {
    return this.#ledger.ids.map((id) => this.#ledger.current(id));
  }

  // ---- processes

  #boot(name: string): Process {
    const { kv, video, ...others } = this.#clinic.services;
    const process: Process = {
      name,
      isDead: false,
      owner: `${name}${this.#count++}`,
      fault: null,
      services: {
        ...others,
        kv: handledKv(kv, {
          read: (what, run) => this.#effect(process, what, run),
          commit: (writes, run) => {
            const lease = this.#turns.doer?.lease ?? null;
            const what = `commits ${writes[0]!.key.join(" ")}`;
            return this.#effect(process, what, async () => {
              const fault = this.#commitFault(process);
              if (fault === "locked") throw new TypeError("database is locked");
              if (fault === "not landed") throw new Injected("disk is full");
              const result = await run();
              if (!result.ok) {
                this.#turns.trace.push("  lost");
                return result;
              }
              this.#ledger.landed(
                writes,
                lease === null ? null : { name: lease, owner: process.owner },
              );
              if (fault === "not heard of") throw new Injected("no answer");
              return result;
            });
          },
        }),
        video: handledVideo(
          video,
          (what, run) =>
            this.#effect(process, what, () => this.#call(what, run)),
        ),
      },
    };
    return process;
  }

  /** An effect of whatever the process is doing right here. */
  #effect<T>(process: Process, what: string, run: () => Promise<T>) {
    const task = this.#turns.doer;
    assert(task !== undefined && task.process === process, what);
    return this.#turns.of(task, what, run);
  }

  #commitFault(process: Process): CommitFault | null {
    const { fault } = process;
    if (fault === null || fault.after-- > 0) return null;
    process.fault = null;
    this.#turns.trace.push(`  ${fault.kind}`);
    return fault.kind;
  }

  async #call<T>(what: string, run: () => Promise<T>): Promise<T> {
    this.#isWished(what);
    const fault = this.#callFault;
    this.#callFault = null;
    if (fault === null) return await run();
    this.#turns.trace.push(`  ${fault}`);
    if (fault === "arrives later") {
      this.#turns.of(NETWORK, `${what} arrives`, run).catch(() => {});
    }
    // As the provider says it after five seconds.
    throw new AppError("video_unavailable", "no answer");
  }

  /** Lets a process do something, as a task that waits for its turns. */
  #begin(
    on: 0 | 1,
    what: string,
    work: (services: Services, process: Process) => Promise<unknown>,
    lease: string | null = null,
  ): void {
    const process = this.#processes[on];
    const task: Task = {
      name: `${process.name}:${what}`,
      isDead: false,
      process,
      lease,
    };
    this.#live.add(task);
    const end = (how: string) => {
      this.#live.delete(task);
      this.#turns.trace.push(`${task.name} ${how}`);
    };
    this.#turns.begin(task, () => work(process.services, process)).then(
      () => end("is done"),
      (error) => {
        end(`fails: ${error.message}`);
        const expected = error instanceof AppError || error instanceof Injected;
        if (!expected) this.#problems.push(`${what}: ${error.stack}`);
      },
    );
  }

  async #crash(on: 0 | 1): Promise<void> {
    const process = this.#processes[on];
    for (const task of [...this.#live]) {
      if (task.process !== process) continue;
      await this.#turns.kill(task);
      this.#live.delete(task);
    }
    this.#processes[on] = this.#boot(process.name);
  }

  // ---- turns

  /** One effect, and the callbacks that it has sent. */
  async #turn(): Promise<boolean> {
    const taken = await this.#turns.next();
    if (taken) await this.#clinic.emulator.callbacksSent();
    assert.deepEqual(
      [...this.#problems, ...this.#ledger.problems],
      [],
      "something went wrong",
    );
    return taken;
  }

  /** Everything that was begun goes on to its end. */
  async #allDone(): Promise<void> {
    let turns = 0;
    while (this.#live.size > 0 || this.#turns.waiting > 0) {
      assert(turns++ < 20_000, "it goes on for ever");
      if (await this.#turn()) continue;
      const names = [...this.#live].map(({ name }) => name);
      assert.deepEqual(names, [], "they wait for nothing");
    }
  }

  // ---- steps

  async #act(act: Act): Promise<void> {
    switch (act.act) {
      case "create":
        return this.#create(act);
      case "command":
        return this.#command(act);
      case "close visit":
        return this.#closeVisit(act);
      case "enter":
        return this.#enter(act);
      case "go out":
        return this.#goOut(act);
      case "callback":
        return this.#callback(act);
      case "video fault":
        return this.#clinic.emulator.faults.set({
          rest: act.fault === null ? [] : [act.fault],
        });
      case "call fault":
        this.#callFault = act.fault;
        return;
      case "commit fault":
        this.#processes[act.on].fault = { kind: act.fault, after: act.after };
        return;
      case "time passes":
        this.#time.pass(act.seconds);
        return await this.#clinic.emulator.callbacksSent();
      case "clock is set back":
        return this.#time.setBack(act.seconds);
      case "reconcile":
        return this.#reconcile(act.which, act.on);
      case "crash":
        return await this.#crash(act.on);
    }
  }

  /** Somebody, with a request of their own. */
  #caller(who: Who) {
    const caller = this.#clinic.people[who];
    const requestId = `request-${this.#count++}`;
    return { ...caller, client: { ...caller.client, requestId } };
  }

  #create(
    { visit, inMinutes, recording, voice, on }: Omit<ActOf<"create">, "act">,
  ): void {
    const caller = this.#caller("doctor");
    this.#begin(on, "create", async (services) => {
      const session = await createSession(services, caller, {
        visitId: this.#clinic.visitIds[visit],
        scheduledStart: new Date(services.now().getTime() + inMinutes * 60_000),
        recordingEnabled: recording,
        voiceOnly: voice,
        notes: "",
      });
      this.#answered(session);
    });
  }

  #command({ name, who, which, on }: ActOf<"command">): void {
    const { ids } = this.#ledger;
    const id = ids[which % ids.length]!;
    const caller = this.#caller(who);
    const { rev, visitId } = this.#ledger.current(id);
    this.#begin(on, `${who}: ${name}`, async (services) => {
      try {
        if (name === "token") await this.#token(services, caller, id);
        else {
          const session = await COMMANDS[name](services, caller, id);
          this.#answered(session);
          const isDone = DONE[name](session, caller.client.requestId, who);
          assert(isDone, `${name} was answered as done, and is not`);
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const states = this.#ledger.statesOf(id).slice(rev - 1);
        const visit = this.#ledger.visit(visitId);
        assert(
          isJustified(error.code, name, who, states, visit),
          `${name} was refused without a reason: ${error.code}`,
        );
        throw error;
      }
    });
  }

  async #token(services: Services, caller: Caller, id: string) {
    const access = await requestAccess(services, caller, id);
    const { token, room_name: roomName, identity } = access;
    assert.equal(roomName, this.#ledger.current(id).roomName);
    const payload = Buffer.from(token.split(".")[1]!, "base64url").toString();
    assert.equal(JSON.parse(payload).grants.video.room, roomName);
    this.#tokens.push({ token, roomName, identity });
  }

  #closeVisit({ visit, who, force, on }: ActOf<"close visit">): void {
    const id = this.#clinic.visitIds[visit];
    const caller = this.#caller(who);
    this.#begin(on, "close visit", async (services) => {
      await closeVisit(services, caller, id, { force });
      assert.equal(this.#ledger.visit(id).status, "CLOSED");
      for (const session of this.#ledger.ofVisit(id)) {
        assert(isOver(session.status), `${session.id} is left of the visit`);
      }
    });
  }

  /** Somebody uses a token, or one that a stranger has got hold of. */
  #enter({ which, isStranger }: ActOf<"enter">): void {
    const known = this.#tokens[which % this.#tokens.length];
    if (known === undefined) return;
    const identity = isStranger ? "stranger" : known.identity;
    const { roomName } = known;
    const token = isStranger
      ? this.#clinic.services.video.createAccessToken({
        roomName,
        identity,
        ttlSeconds: 600,
      })
      : known.token;
    const admission = { token, roomName, identity };
    this.#turns.of(NETWORK, `${identity} enters ${roomName}`, async () => {
      const guest = await Guest.enter(this.#clinic.origin, admission);
      if (guest !== null) this.#guests.push(guest);
    });
  }

  #goOut({ which, how }: ActOf<"go out">): void {
    const [guest] = this.#guests.splice(which % this.#guests.length, 1);
    if (guest === undefined) return;
    const what = `${guest.identity} ${how}s`;
    this.#turns.of(
      NETWORK,
      what,
      () => how === "vanish" ? guest.vanish() : guest.hangUp(),
    );
  }

  #callback({ which, how, on }: ActOf<"callback">): void {
    const box = how === "is replayed" ? this.#opened : this.#clinic.letterBox;
    const mail = box[which % box.length];
    if (mail === undefined) return;
    if (how !== "is replayed") {
      box.splice(box.indexOf(mail), 1);
      this.#opened.push(mail);
    }
    if (how === "is lost") return;
    this.#deliver(mail, on);
    if (how === "arrives twice") this.#deliver(mail, on === 0 ? 1 : 0);
  }

  #deliver(mail: Mail, on: 0 | 1): void {
    const requestId = `request-${this.#count++}`;
    this.#begin(
      on,
      mail.event,
      (services) => this.#clinic.deliver(services, mail, requestId),
    );
  }

  #reconcile(which: number, on: 0 | 1): void {
    const reconciler = RECONCILERS[which % RECONCILERS.length]!;
    this.#begin(
      on,
      reconciler.name,
      (services, { owner }) => reconcile(services, reconciler, owner),
      reconciler.name,
    );
  }

  // ---- what must hold

  /** Nobody asks for a room before it is written down that they do. */
  #isWished(call: string): void {
    const name = /^openRoom\((.*)\)$/.exec(call)?.[1];
    if (name === undefined) return;
    const session = this.#sessions().find((one) => roomsOf(one).includes(name));
    if (session?.roomAsked) return;
    this.#problems.push(`${session?.id}: a room that nobody may know of`);
  }

  /** What an answer shows was committed, just like that. */
  #answered(session: Session): void {
    const committed = this.#ledger.statesOf(session.id)[session.rev - 1];
    assert.deepEqual(session, committed, "an answer that was never true");
    this.#answers.push(session);
  }

  async #holds(): Promise<void> {
    const { violations } = await checkInvariants(this.#clinic.services.kv);
    assert.deepEqual(violations, []);
  }

  /** The reconcilers work until there is nothing left for them. */
  async #comesToRest(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      this.#time.pass(ROUND_SECONDS);
      await this.#clinic.emulator.callbacksSent();
      for (const which of RECONCILERS.keys()) {
        this.#reconcile(which, 0);
        await this.#allDone();
      }
      // At least as long as what was put off for a minute, twice.
      if (round >= 3 && await this.#left() === null) break;
    }
    assert.equal(await this.#left(), null);
    await this.#holds();
  }

  /** What is still to be done, or null. */
  async #left(): Promise<string | null> {
    const { kv, video } = this.#clinic.services;
    for await (const { value } of kv.list({ prefix: ["outbox"] })) {
      return `it is still owed: ${JSON.stringify(value)}`;
    }
    for await (const { value } of kv.list({ prefix: ["visit_closing"] })) {
      return `it is still to be closed: ${JSON.stringify(value)}`;
    }
    for (const { sid, name } of await video.listOpenRooms()) {
      const session = this.#sessions().find(({ roomName }) =>
        roomName === name
      );
      const isUsed = session?.status === "IN_PROGRESS" &&
        session.roomSid === sid;
      if (!isUsed) return `${sid} of ${session?.id} is still open`;
    }
    return null;
  }

  async #hasItsRoom({ id, roomSid }: Session): Promise<void> {
    const room = await this.#clinic.services.video.fetchRoom(roomSid!);
    assert.equal(room?.status, "in-progress", `${id} runs without a room`);
  }

  /** Every history has one beginning, at most one start, one end, and every answer that was given. */
  async #historiesAreWhole(): Promise<void> {
    const { kv } = this.#clinic.services;
    const created = new Set<string>();
    for (const id of this.#ledger.ids) {
      const stored = await findSession(kv, id);
      assert.deepEqual(stored, this.#ledger.current(id));
      const history = await listHistory(kv, id);
      const count = (action: string) =>
        history.filter((entry) => entry.action === action).length;
      const ends = history.filter(({ change }) =>
        change !== null && isOver(change.to as Session["status"])
      );
      const started = stored.startedAt === null ? 0 : 1;
      assert.equal(count("session.create"), 1, id);
      const { requestId } = history[0]!;
      assert(!created.has(requestId), `${requestId} made two sessions`);
      created.add(requestId);
      const done = history.filter(({ requestId }) => requestId !== "")
        .map(({ requestId, action }) => `${action} by ${requestId}`);
      assert.deepEqual(done, [...new Set(done)], "something was done twice");
      assert.equal(count("session.start"), started, id);
      assert.equal(ends.length, 1, id);
      for (const { id: answered, auditSeq, auditHash } of this.#answers) {
        if (answered !== id) continue;
        assert.equal(history[auditSeq - 1]?.hash, auditHash, id);
      }
    }
  }

  /** Nobody stays on the line. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const guest of this.#guests) await guest.vanish();
  }
}

/** What is on its way whatever becomes of whoever sent it. */
const NETWORK: Doer = { name: "network", isDead: false };

/** The rooms that the video service may have been asked for. */
function roomsOf({ roomName, moving, pastRooms }: Session): string[] {
  return [
    roomName,
    ...(moving === null ? [] : [moving.roomName]),
    ...pastRooms.map((past) => past.roomName),
  ];
}
