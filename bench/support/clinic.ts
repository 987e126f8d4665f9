import { ulid } from "ulid";
import type { Account, Caller, Role } from "@/lib/accounts/account.ts";
import { insertAccount } from "@/lib/accounts/store.ts";
import type { Services } from "@/lib/services.ts";
import { twilioTarget } from "@/lib/setup/target.ts";
import { createSession } from "@/lib/sessions/service.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { saveSignIn, signInIdOf } from "@/lib/sign_in/store.ts";
import type { VideoProvider } from "@/lib/video/provider.ts";
import { openUnconfigured } from "@/lib/video/unconfigured.ts";
import { createVisit } from "@/lib/visits/service.ts";
import { batchCommits } from "./intercept.ts";

/** Somebody of the clinic: as use cases know them, and the cookie of their browser. */
export interface Person extends Caller {
  cookie: string;
}

/** One patient's visit and what is planned in it. */
export interface Booking {
  patient: Person;
  visitId: string;
  sessions: Session[];
}

/** A doctor with patients. */
export interface Clinic {
  doctor: Person;
  bookings: Booking[];
}

/** A video service that is there at once: what is measured is the app. */
const INSTANT: VideoProvider = {
  ...openUnconfigured(),
  client: { service: "twilio", signaling: null },
  openRoom: (name) =>
    Promise.resolve({
      sid: `RM${crypto.randomUUID().replaceAll("-", "")}`,
      name,
      status: "in-progress",
      createdAt: new Date().toISOString(),
    }),
  fetchRoom: () => Promise.resolve(null),
  closeRoom: () => Promise.resolve(),
  createAccessToken: () => "",
};

/** The app's services over this storage, with a video service that answers at once. */
export function instantServices(kv: Deno.Kv): Services {
  return {
    kv,
    video: INSTANT,
    now: () => new Date(),
    setup: twilioTarget({}),
  };
}

/** Fills a storage, by the use cases that people go through: one doctor, patients, a visit of each, sessions in each. */
export async function createClinic(
  services: Services,
  { patients, sessionsEach }: { patients: number; sessionsEach: number },
): Promise<Clinic> {
  const doctor = await addPerson(services, "Dr Ada Day", "doctor");
  const { kv, flush } = batchCommits(services.kv);
  const begin = services.now().getTime();
  const bookings: Booking[] = [];
  for (let p = 0; p < patients; p++) {
    const patient = await addPerson(services, `Patient ${p}`, "patient");
    const { id: visitId } = await createVisit(services, doctor, {
      patientEmail: patient.actor.email,
      reason: "Cough for three days, worse at night",
    });
    const sessions: Session[] = [];
    for (let s = 0; s < sessionsEach; s++) {
      sessions.push(
        await createSession({ ...services, kv }, doctor, {
          visitId,
          // Turn by turn, so that neighbours in a list are of different visits.
          scheduledStart: new Date(begin + (s * patients + p) * 60_000),
          recordingEnabled: false,
          voiceOnly: false,
          notes: "Dry cough, no fever. Sleeps poorly.",
        }),
      );
    }
    bookings.push({ patient, visitId, sessions });
  }
  await flush();
  return { doctor, bookings };
}

/** Somebody who is signed in; without a password, since hashing one is slow on purpose. */
async function addPerson(
  { kv, now }: Services,
  name: string,
  role: Role,
): Promise<Person> {
  const id = ulid();
  const at = now().toISOString();
  const account: Account = {
    id,
    name,
    email: `${id.toLowerCase()}@bench.bedside`,
    role,
    passwordHash: "",
    disabledAt: null,
    createdAt: at,
  };
  await insertAccount(kv, account);
  const cookieValue = crypto.randomUUID();
  const signInId = signInIdOf(cookieValue);
  await saveSignIn(kv, signInId, { accountId: id, createdAt: at, seenAt: at });
  return {
    actor: { accountId: id, name, email: account.email, role },
    client: {
      requestId: ulid(),
      ip: "127.0.0.1",
      userAgent: "Mozilla/5.0 (X11; Linux x86_64) bench",
    },
    signInId,
    cookie: `__Host-bedside=${cookieValue}`,
  };
}
