import assert from "node:assert/strict";
import type { Caller, Role } from "@/lib/accounts/account.ts";
import { insertAccount } from "@/lib/accounts/store.ts";
import { receiveCallback } from "@/lib/callbacks/service.ts";
import { StatusCallback } from "@/lib/callbacks/status_callback.ts";
import { newId } from "@/lib/new_id.ts";
import type { Services } from "@/lib/services.ts";
import { emulatorTarget } from "@/lib/setup/target.ts";
import { createEmulator, type Emulator } from "@/lib/twilio_emulator/mod.ts";
import { EMULATOR_PATH } from "@/lib/video/emulator.ts";
import { openTwilio } from "@/lib/video/twilio.ts";
import { createVisit } from "@/lib/visits/service.ts";

/** An account of the emulator. */
const ACCOUNT = {
  accountSid: "AC0123456789abcdef0123456789abcdef",
  authToken: "the-auth-token",
  apiKeySid: "SK0123456789abcdef0123456789abcdef",
  apiKeySecret: "the-api-key-secret",
};

/** A status callback as the video service sent it. */
export interface Mail {
  event: string;
  fields: Record<string, string>;
  signature: string;
}

/** Who can be somebody in the clinic. */
export type Who = "doctor" | "patient" | "otherDoctor" | "otherPatient";

/**
 * Real storage, the real provider speaking to the real emulator over HTTP, and
 * a letter box for its callbacks: what is done with them is the test's affair.
 */
export interface Clinic extends AsyncDisposable {
  origin: string;
  services: Services;
  emulator: Emulator;
  people: Record<Who, Caller>;
  /** Two OPEN visits of `patient` with `doctor`. */
  visitIds: [string, string];
  /** What the video service has sent and nobody has opened. */
  letterBox: Mail[];
  /** Hands a callback to the app, as its route does. */
  deliver(services: Services, mail: Mail, requestId: string): Promise<void>;
}

/** Makes a clinic; `await using` takes it down again. */
export async function openClinic(): Promise<Clinic> {
  const kv = await Deno.openKv(":memory:");
  const letterBox: Mail[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      if (!request.url.endsWith("/webhooks/twilio/")) {
        return await emulator.handler(request);
      }
      const fields = Object.fromEntries(
        new URLSearchParams(await request.text()),
      );
      const signature = request.headers.get("x-twilio-signature")!;
      letterBox.push({ event: fields.StatusCallbackEvent!, fields, signature });
      return new Response(null, { status: 204 });
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const emulator = createEmulator({
    accounts: [{
      accountSid: ACCOUNT.accountSid,
      authToken: ACCOUNT.authToken,
      apiKeys: [{ sid: ACCOUNT.apiKeySid, secret: ACCOUNT.apiKeySecret }],
    }],
    basePath: EMULATOR_PATH,
  });
  const video = openTwilio({
    ...ACCOUNT,
    restBaseUrl: origin + EMULATOR_PATH,
    statusCallback: `${origin}/webhooks/twilio/`,
    client: { service: "emulator", signaling: null },
  });
  const setup = emulatorTarget({}, {
    ...ACCOUNT,
    callbackOrigin: origin,
    baseUrl: origin + EMULATOR_PATH,
  });
  const services: Services = { kv, video, now: () => new Date(), setup };
  const people = {
    doctor: await addPerson(services, "Dr Ada Day", "doctor"),
    patient: await addPerson(services, "Pat Night", "patient"),
    otherDoctor: await addPerson(services, "Dr Otto Other", "doctor"),
    otherPatient: await addPerson(services, "Olga Other", "patient"),
  };
  const visit = () =>
    createVisit(services, people.doctor, {
      patientEmail: people.patient.actor.email,
      reason: "Cough",
    });
  return {
    origin,
    services,
    emulator,
    people,
    visitIds: [(await visit()).id, (await visit()).id],
    letterBox,
    async deliver(services, { fields, signature }, requestId) {
      const url = `${origin}/webhooks/twilio/`;
      assert(services.video.isSigned(url, fields, signature), "not signed");
      const client = { requestId, ip: "127.0.0.1", userAgent: "test" };
      await receiveCallback(services, client, StatusCallback.parse(fields));
    },
    async [Symbol.asyncDispose]() {
      await emulator.close();
      await server.shutdown();
      kv.close();
    },
  };
}

async function addPerson(
  { kv, now }: Services,
  name: string,
  role: Role,
): Promise<Caller> {
  const id = newId();
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@test.bedside`;
  await insertAccount(kv, {
    id,
    name,
    email,
    role,
    passwordHash: "",
    disabledAt: null,
    createdAt: now().toISOString(),
  });
  return {
    actor: { accountId: id, name, email, role },
    client: { requestId: "test", ip: "127.0.0.1", userAgent: "test" },
    signInId: "sign-in",
  };
}
