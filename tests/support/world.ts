import { fileURLToPath } from "node:url";
import { ulid } from "ulid";
import { Builder } from "fresh/dev";
import type { Account, Caller, Role } from "@/lib/accounts/account.ts";
import { insertAccount } from "@/lib/accounts/store.ts";
import { type Config, parseConfig } from "@/lib/config.ts";
import { createApp } from "@/lib/http/app.ts";
import { openStorage } from "@/lib/kv/open.ts";
import type { Services } from "@/lib/services.ts";
import { createSession } from "@/lib/sessions/service.ts";
import type { SessionPlan } from "@/lib/sessions/plan.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { emulatorTarget } from "@/lib/setup/target.ts";
import { saveSignIn, signInIdOf } from "@/lib/sign_in/store.ts";
import { type MountedEmulator, openEmulator } from "@/lib/video/emulator.ts";
import { createVisit } from "@/lib/visits/service.ts";
import type { Visit } from "@/lib/visits/visit.ts";
import { NOON } from "./noon.ts";

/** Somebody in a test: who they are, and the cookie of their browser. */
export interface Person extends Caller {
  cookie: string;
}

/** What a request of a test is made of besides its method and path. */
export interface Ask {
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** A REST call, as the video service got it. */
export interface VideoCall {
  /** In ms, of `performance.now()`. */
  atMs: number;
  method: string;
  /** Below `/v1`, e.g. `/Rooms`. */
  path: string;
}

/** A clinic of its own for one test: real storage, real emulator, a clock that stands. */
export interface World extends AsyncDisposable {
  /** Where the app is, as its requests see it. */
  origin: string;
  services: Services;
  config: Config;
  /** What can be made wrong with the video service. */
  faults: MountedEmulator["faults"];
  /** Every REST call that the video service got. */
  calls: VideoCall[];
  doctor: Person;
  otherDoctor: Person;
  patient: Person;
  otherPatient: Person;
  admin: Person;
  /** An OPEN visit of `patient` with `doctor`. */
  visit: Visit;
  /** Moves the clock. */
  pass(seconds: number): void;
  /** Asks the app, as somebody or as nobody. */
  ask(
    person: Person | null,
    method: string,
    path: string,
    ask?: Ask,
  ): Promise<Response>;
  /** Plans a session in `visit`, for now. */
  plan(plan?: Partial<SessionPlan>): Promise<Session>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

const build = () => new Builder({ root }).build({ snapshot: "memory" });

/** Built once for all worlds of a test file. */
let snapshot: ReturnType<typeof build> | undefined;

/**
 * Makes a world; `await using` takes it down again.
 *
 * @param from Where its clock stands at first. The emulator's goes on by itself.
 */
export async function createWorld(
  environment: Record<string, string> = {},
  from: Date = NOON,
): Promise<World> {
  const config = parseConfig({
    APP_ENV: "test",
    KV_PATH: ":memory:",
    ...environment,
  });
  const kv = await openStorage(config.kvPath, config.kvAccessToken);
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => handle(request),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const { provider, emulator } = openEmulator(origin);
  let clock = from;
  const services: Services = {
    kv,
    video: provider,
    now: () => clock,
    setup: emulatorTarget(environment, emulator.access),
  };
  const calls: VideoCall[] = [];
  const app = createApp(services, config, [
    { path: emulator.path, handler: noting(calls, emulator) },
  ]);
  snapshot ??= build();
  (await snapshot)(app);
  const handler = app.handler();
  const info = {
    remoteAddr: { transport: "tcp" as const, hostname: "127.0.0.1", port: 1 },
    completed: Promise.resolve(),
  };
  const handle = (request: Request) => handler(request, info);

  const person = (name: string, role: Role) => addPerson(services, name, role);
  const doctor = await person("Dr Ada Day", "doctor");
  const patient = await person("Pat Night", "patient");
  const world: World = {
    origin,
    services,
    config,
    faults: emulator.faults,
    calls,
    doctor,
    otherDoctor: await person("Dr Otto Other", "doctor"),
    patient,
    otherPatient: await person("Olga Other", "patient"),
    admin: await person("Adam Admin", "admin"),
    visit: await createVisit(services, doctor, {
      patientEmail: patient.actor.email,
      reason: "Cough",
    }),
    pass(seconds) {
      clock = new Date(clock.getTime() + seconds * 1000);
    },
    ask(person, method, path, ask = {}) {
      return handle(requestOf(origin, person, method, path, ask));
    },
    plan(plan = {}) {
      return createSession(services, doctor, {
        visitId: world.visit.id,
        scheduledStart: clock,
        recordingEnabled: false,
        voiceOnly: false,
        notes: "",
        ...plan,
      });
    },
    async [Symbol.asyncDispose]() {
      // First, so that its last status callbacks still arrive.
      await emulator.close();
      await server.shutdown();
      kv.close();
    },
  };
  return world;
}

/** The emulator, with its REST calls written down. */
function noting(
  calls: VideoCall[],
  { path, handler }: MountedEmulator,
): MountedEmulator["handler"] {
  const base = `${path}/v1`;
  return (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(base)) {
      calls.push({
        atMs: performance.now(),
        method: request.method,
        path: pathname.slice(base.length),
      });
    }
    return handler(request);
  };
}

function requestOf(
  origin: string,
  person: Person | null,
  method: string,
  path: string,
  { json, form, headers }: Ask,
): Request {
  const body = json !== undefined
    ? JSON.stringify(json)
    : form !== undefined
    ? new URLSearchParams(form)
    : null;
  return new Request(origin + path, {
    method,
    headers: {
      ...(person === null ? {} : { cookie: person.cookie }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      "sec-fetch-site": "same-origin",
      ...headers,
    },
    body,
    redirect: "manual",
  });
}

/** Signs somebody new in, without a password: hashing one is slow on purpose. */
export async function addPerson(
  { kv, now }: Services,
  name: string,
  role: Role,
): Promise<Person> {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@test.bedside`;
  const at = now().toISOString();
  const account: Account = {
    id: ulid(),
    name,
    email,
    role,
    passwordHash: "",
    disabledAt: null,
    createdAt: at,
  };
  await insertAccount(kv, account);
  const cookieValue = crypto.randomUUID();
  const signInId = signInIdOf(cookieValue);
  await saveSignIn(kv, signInId, {
    accountId: account.id,
    createdAt: at,
    seenAt: at,
  });
  return {
    actor: { accountId: account.id, name, email, role },
    client: { requestId: "test", ip: "127.0.0.1", userAgent: "test" },
    signInId,
    cookie: `bedside=${cookieValue}`,
  };
}
