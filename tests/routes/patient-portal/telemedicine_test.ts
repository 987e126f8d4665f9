import { equal, match, ok } from "node:assert/strict";
import {
  cancelSession,
  endSession,
  startSession,
} from "@/lib/sessions/service.ts";
import { buttonsOf, linksOf, wordsOf } from "../../support/html.ts";
import { createWorld, type World } from "../../support/world.ts";

const HERE = "/patient-portal/telemedicine";

async function see(
  world: World,
  person = world.patient,
  query = "",
): Promise<string> {
  return await (await world.ask(person, "GET", HERE + query)).text();
}

/** The sessions that can be joined, by their links. */
function joinable(html: string): string[] {
  return linksOf(html).filter(([name]) => name === "Join Session").map((
    [, href],
  ) => href);
}

Deno.test("S3.20, S3.21, S3.24 to S3.27: every status is shown; SCHEDULED and IN_PROGRESS can be joined", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  const planned = await world.plan();
  const ended = await world.plan();
  await startSession(services, doctor, ended.id);
  await endSession(services, doctor, ended.id);
  const cancelled = await world.plan();
  await cancelSession(services, doctor, cancelled.id);
  const running = await world.plan();
  await startSession(services, doctor, running.id);

  const html = await see(world);
  const words = wordsOf(html);
  for (const status of ["Scheduled", "In progress", "Completed", "Cancelled"]) {
    ok(words.includes(status), status);
  }
  equal(html.match(/data-session-id/g)?.length, 4);
  equal(
    joinable(html).join(),
    [running, planned].map(({ id }) => `/telemedicine/${id}`).join(),
  );
});

Deno.test("S3.36: patients see their own sessions only, and no notes", async () => {
  await using world = await createWorld();
  const { id } = await world.plan({ notes: "Only for the doctor" });
  ok(!(await see(world)).includes("Only for the doctor"));
  const other = await see(world, world.otherPatient);
  ok(!other.includes(id));
  match(wordsOf(other), /Nothing is planned/);
});

Deno.test("S3.36: patients are offered no command of the doctor's", async () => {
  await using world = await createWorld();
  await world.plan();
  equal(buttonsOf(await see(world)).join(), "Sign out");
});

Deno.test("after leaving, the page says how the visit stands", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  match(
    wordsOf(await see(world, world.patient, `?left=${id}`)),
    /You left\. The visit is still open\./,
  );
  await endSession(world.services, world.doctor, id);
  match(
    wordsOf(await see(world, world.patient, `?left=${id}`)),
    /You left\. The visit is over\./,
  );
  ok(
    !wordsOf(await see(world, world.patient, "?left=nothing")).includes(
      "You left",
    ),
  );
});
