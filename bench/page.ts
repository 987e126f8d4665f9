import type { Row } from "./row.ts";
import { createClinic, instantServices } from "./support/clinic.ts";
import { compare } from "./support/compare.ts";
import { requestsPerSecond } from "./support/load.ts";
import { appCommand, denoCommand, startServer } from "./support/server.ts";
import { openStorage } from "./support/storage.ts";

/** How much is measured. */
export interface PageOptions {
  connections?: number;
  seconds?: number;
  rounds?: number;
}

/** As many as a patient in treatment has. */
const SESSIONS = 6;

/**
 * A signed-in patient's list of sessions, read, rendered and sent, against a
 * `Deno.serve` that says hello: how much of what the platform can answer is
 * left when a whole page is made for each request.
 */
export async function measurePage(
  { connections = 16, seconds = 3, rounds = 4 }: PageOptions = {},
): Promise<Row[]> {
  await using storage = await openStorage();
  const { bookings } = await createClinic(instantServices(storage.kv), {
    patients: 1,
    sessionsEach: SESSIONS,
  });
  await using app = await startServer(appCommand(storage.path));
  await using hello = await startServer(
    denoCommand("bench/reference/hello.ts"),
  );
  const load = (origin: string, path: string) => () =>
    requestsPerSecond(origin, {
      requests: Array.from({ length: connections }, () => ({
        path,
        headers: { cookie: bookings[0]!.patient.cookie },
      })),
      seconds,
    });
  const askApp = load(app.origin, "/patient-portal/telemedicine");
  const askHello = load(hello.origin, "/");
  // Both have compiled what is hot before anything counts.
  await askApp();
  await askHello();
  return [{
    what: `page with ${SESSIONS} sessions, signed in`,
    unit: "requests/s",
    target: { atLeast: 0.08 },
    note: "bare hello",
    ...await compare(rounds, askApp, askHello),
  }];
}
