import { startSession } from "@/lib/sessions/service.ts";
import type { Row } from "./row.ts";
import {
  type Clinic,
  createClinic,
  instantServices,
} from "./support/clinic.ts";
import { compare } from "./support/compare.ts";
import { type LoadRequest, requestsPerSecond } from "./support/load.ts";
import { ROOT } from "./support/root.ts";
import {
  appCommand,
  denoCommand,
  type ServerCommand,
  startServer,
} from "./support/server.ts";
import { openStorage } from "./support/storage.ts";

/** How much is measured. */
export interface TokenOptions {
  connections?: number;
  seconds?: number;
  rounds?: number;
}

/**
 * The token endpoint with all it does (sign-in cookie, schema, policy, reads,
 * one commit of session and audit entry to a SQLite file, JWT), against an
 * Express server that only signs. The same load on both, and answers of the
 * same kind; every connection is a patient of their own with a running session
 * of their own, as in a clinic, so that no two commits are about one record.
 */
export async function measureToken(
  { connections = 32, seconds = 3, rounds = 4 }: TokenOptions = {},
): Promise<Row[]> {
  await using storage = await openStorage();
  const services = instantServices(storage.kv);
  const clinic = await createClinic(services, {
    patients: connections,
    sessionsEach: 1,
  });
  for (const { sessions } of clinic.bookings) {
    await startSession(services, clinic.doctor, sessions[0]!.id);
  }
  await using app = await startServer(appCommand(storage.path));
  await using express = await startServer(await expressCommand());
  const askApp = () =>
    requestsPerSecond(app.origin, { requests: appRequests(clinic), seconds });
  const askExpress = () =>
    requestsPerSecond(express.origin, {
      requests: expressRequests(clinic),
      seconds,
    });
  // Both have compiled what is hot before anything counts.
  await askApp();
  await askExpress();
  return [{
    what: "token endpoint, full work",
    unit: "requests/s",
    target: { atLeast: 1.5 },
    note: "Express, signing only",
    ...await compare(rounds, askApp, askExpress),
  }];
}

function appRequests({ bookings }: Clinic): LoadRequest[] {
  return bookings.map(({ patient, sessions }) =>
    post(
      "/api/v1/telemedicine/token/",
      { session_id: sessions[0]!.id },
      { cookie: patient.cookie, "sec-fetch-site": "same-origin" },
    )
  );
}

function expressRequests({ bookings }: Clinic): LoadRequest[] {
  return bookings.map(({ patient, sessions }) =>
    post("/token", {
      identity: patient.actor.accountId,
      room: sessions[0]!.roomName,
    })
  );
}

function post(
  path: string,
  json: unknown,
  headers: Record<string, string> = {},
): LoadRequest {
  return {
    method: "POST",
    path,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(json),
  };
}

/** On Node where there is one, since that is where people run Express. */
async function expressCommand(): Promise<ServerCommand> {
  const file = "bench/reference/express_token.mjs";
  const env = {
    NODE_ENV: "production",
    ACCOUNT_SID: `AC${"0".repeat(32)}`,
    API_KEY_SID: `SK${"0".repeat(32)}`,
    API_KEY_SECRET: "0".repeat(32),
  };
  const command = await hasNode()
    ? { program: "node", args: [ROOT + file] }
    : denoCommand(file);
  return { ...command, env };
}

async function hasNode(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("node", {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}
