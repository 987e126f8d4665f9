/**
 * Everybody asks for everything: the table of `lib/access/table.ts`, cell by
 * cell, at every address. Each cell says status code and body, and all
 * addresses of an operation have to decide alike.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isPermitted } from "@/lib/access/policy.ts";
import {
  CLINIC_OPERATIONS,
  type ClinicOperation,
  type ClinicRow,
  type Row,
  SUBJECTS,
  verdictOf,
} from "@/lib/access/table.ts";
import type { ErrorCode } from "@/lib/errors.ts";
import { newId } from "@/lib/new_id.ts";
import { saveSignIn, signInIdOf } from "@/lib/sign_in/store.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";
import { type AnyFace, HOW, type How } from "./faces.ts";
import {
  type Answer,
  ask,
  comparable,
  type Decision,
  decisionIn,
  verify,
} from "./judge.ts";
import {
  type Asked,
  KINDS,
  type Standing,
  STANDINGS,
  type SubjectKind,
} from "./subjects.ts";

/** An operation, without what tells its kind of record from the others. */
type AnyRow = Row<string, { status: string }, string>;

/** A kind of record, likewise. */
interface Subject {
  statuses: readonly string[];
  unknown: ErrorCode;
  operations: Record<string, AnyRow>;
}

const subjects = Object.entries(SUBJECTS) as unknown as [
  keyof typeof SUBJECTS,
  Subject,
][];

function personOf(world: World, standing: Standing): Person | null {
  return {
    anonymous: null,
    doctor: world.doctor,
    other_doctor: world.otherDoctor,
    patient: world.patient,
    other_patient: world.otherPatient,
    admin: world.admin,
  }[standing];
}

/** What has been asked so far, and what was wrong with the answers. */
class Ledger {
  asked = 0;
  complaints: string[] = [];
  /** For each case, what was decided, and where. */
  readonly decided = new Map<string, Map<Decision, AnyFace>>();

  /**
   * Holds one answer against the table. `about` names the case that all
   * addresses of an operation have to decide alike; null if this is no such.
   */
  check(
    face: AnyFace,
    about: string | null,
    answer: Answer,
    expected: Decision,
    also: () => void = () => {},
  ): void {
    this.asked++;
    try {
      if (about !== null) this.#note(about, decisionIn(face, answer), face);
      verify(face, answer, expected);
      also();
    } catch (error) {
      this.complaints.push(`${face}, ${about}: ${(error as Error).message}`);
    }
  }

  #note(about: string, decision: Decision, face: AnyFace): void {
    const made = this.decided.get(about) ?? new Map<Decision, AnyFace>();
    this.decided.set(about, made.set(decision, face));
  }

  /** Fails with what was wrong since the last time. */
  settle(): void {
    const { complaints } = this;
    this.complaints = [];
    assert.deepEqual(complaints, []);
  }
}

/** Records of one kind: one in every status, and a new one when one has changed. */
class Records {
  readonly #known = new Map<string, Asked>();
  readonly #world: World;
  readonly #kind: SubjectKind;

  constructor(world: World, kind: SubjectKind) {
    this.#world = world;
    this.#kind = kind;
  }

  /** The record in the status, and how it is stored. */
  async get(status: string) {
    let about = this.#known.get(status);
    let stored = about && await this.#kind.read(this.#world, about.id);
    if (about === undefined || stored?.status !== status) {
      about = await this.#kind.make(this.#world, status);
      stored = await this.#kind.read(this.#world, about.id);
      this.#known.set(status, about);
    }
    return { about, stored: stored! };
  }

  /** Forgets a record that is not as it was; answers whether it changed. */
  async refresh(status: string, before: { rev: number }): Promise<boolean> {
    const { id } = this.#known.get(status)!;
    const { rev } = await this.#kind.read(this.#world, id);
    if (rev === before.rev) return false;
    this.#known.delete(status);
    return true;
  }
}

function decisionOf(
  row: AnyRow,
  seat: string | null,
  stored: { status: string },
  refusal: ErrorCode,
  isForm: boolean,
): Decision {
  if (seat === null) return refusal;
  if (!(seat in row.seats)) return "role_forbidden";
  if (isForm) return "ok";
  const verdict = verdictOf(row, seat, stored)!;
  return verdict === "offered" || verdict === "works" ? "ok" : verdict;
}

Deno.test("S1.10 S1.11 S1.12 S1.13 S1.15 S2.13 S3.36 S3.48 who may do what, and when: every address, for everybody, in every status", async (t) => {
  await using world = await createWorld();
  world.services.video.openMedia = () =>
    Promise.resolve(
      new Response("media", { headers: { "content-type": "video/mp4" } }),
    );
  const ledger = new Ledger();

  for (const [name, { statuses, unknown, operations }] of subjects) {
    const kind = KINDS[name];
    const records = new Records(world, kind);

    /** One address of an operation, asked by one person about everything there is, and about nothing. */
    const askAs = async (
      standing: Standing,
      operation: string,
      row: AnyRow,
      face: AnyFace,
    ) => {
      const person = personOf(world, standing);
      const refusal = person === null ? "unauthenticated" : unknown;
      const isForm = row.forms?.includes(face) ?? false;
      const by = `by ${standing}${isForm ? ", as a form" : ""}`;
      const askForNothing = async () => {
        const about = { id: newId(), roomName: `no-room-${newId()}` };
        return { about, answer: await ask(world, person, face, about) };
      };
      ledger.check(
        face,
        `${name}.${operation} of nothing ${by}`,
        (await askForNothing()).answer,
        refusal,
      );
      for (const status of statuses) {
        const { about, stored } = await records.get(status);
        const seat = kind.seatOf(standing, status);
        const expected = decisionOf(row, seat, stored, refusal, isForm);
        const answer = await ask(world, person, face, about);
        const isChanged = await records.refresh(status, stored);
        // Asked at the same moment: a page says how many wait elsewhere.
        const nothing = seat === null || expected === unknown
          ? await askForNothing()
          : null;
        ledger.check(
          face,
          `${name}.${operation} of ${status} ${by}`,
          answer,
          expected,
          () => {
            assert(expected === "ok" || !isChanged, "changed, though refused");
            if (nothing === null) return;
            assert.equal(
              comparable(answer, about),
              comparable(nothing.answer, nothing.about),
              "can be told apart from nothing",
            );
          },
        );
      }
    };

    for (const [operation, row] of Object.entries(operations)) {
      for (const face of [...row.faces, ...row.forms ?? []] as AnyFace[]) {
        await t.step(`${name}.${operation}: ${face}`, async () => {
          for (const standing of STANDINGS) {
            await askAs(standing, operation, row, face);
          }
          ledger.settle();
        });
      }
    }
  }

  for (const [operation, row] of Object.entries(CLINIC_OPERATIONS)) {
    const { faces, roles }: ClinicRow = row;
    for (const face of faces as AnyFace[]) {
      await t.step(`${operation}: ${face}`, async () => {
        const { signsOut, everybody }: How = HOW[face];
        for (const standing of STANDINGS) {
          const known = personOf(world, standing);
          const person = known !== null && signsOut
            ? await signedInAgain(world, known)
            : known;
          const expected: Decision = everybody ??
            (person === null
              ? roles === "anyone" ? "ok" : "unauthenticated"
              : isPermitted(person.actor.role, operation as ClinicOperation)
              ? "ok"
              : "role_forbidden");
          const nothing = { id: newId(), roomName: "" };
          ledger.check(
            face,
            everybody === undefined ? `${operation} by ${standing}` : null,
            await ask(world, person, face, nothing),
            expected,
          );
        }
        ledger.settle();
      });
    }
  }

  await t.step("all addresses of an operation decide alike", () => {
    const split = [...ledger.decided].filter(([, made]) => made.size > 1);
    assert.deepEqual(split, []);
  });

  await t.step(`${ledger.asked} cells were asked`, () => {
    assert(ledger.asked >= 600);
  });
});

/** The same person in another browser. */
async function signedInAgain(
  { services: { kv, now } }: World,
  person: Person,
): Promise<Person> {
  const cookieValue = crypto.randomUUID();
  const at = now().toISOString();
  await saveSignIn(kv, signInIdOf(cookieValue), {
    accountId: person.actor.accountId,
    createdAt: at,
    seenAt: at,
  });
  return { ...person, cookie: `bedside=${cookieValue}` };
}

const routes = fileURLToPath(new URL("../../../routes/", import.meta.url));

/** Every method of every file below `routes/`: `GET` with the path of its file. */
async function* handled(folder = ""): AsyncGenerator<[string, string]> {
  for await (const { name, isDirectory } of Deno.readDir(routes + folder)) {
    const path = join(folder, name);
    if (isDirectory) {
      yield* handled(path);
      continue;
    }
    if (/^_|\(_/.test(name)) continue;
    const { handler = {} } = await import(`${routes}${path}`);
    const methods = typeof handler === "function" ? [] : Object.keys(handler);
    for (const method of methods.length === 0 ? ["GET"] : methods) {
      yield [method, path];
    }
  }
}

/** The address of a file, as a pattern that the faces of the table fit. */
function patternOf(file: string): RegExp {
  const path = `/${file.replace(/\.tsx?$/, "")}`
    .replace(/\/index$/, "")
    .replace("/[command]", "/(start|end|cancel|leave|accept|decline|widen)")
    .replaceAll(/\[\w+\]/g, "{\\w+}");
  return new RegExp(`^${path}/?$`);
}

Deno.test("the table has every address there is, and no other", async () => {
  const faces = Object.keys(HOW);
  const found = new Set<string>();
  const unknown: string[] = [];
  for await (const [method, file] of handled()) {
    const pattern = patternOf(file);
    const fitting = faces.filter((face) => {
      const [itsMethod, address] = face.split(" ");
      return itsMethod === method && pattern.test(address!);
    });
    if (fitting.length === 0) unknown.push(`${method} ${file}`);
    for (const face of fitting) found.add(face);
  }
  assert.deepEqual(unknown, [], "not in the table");
  assert.deepEqual(
    faces.filter((face) => !found.has(face)),
    [],
    "in the table only",
  );
});
