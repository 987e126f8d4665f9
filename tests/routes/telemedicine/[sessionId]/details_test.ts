import { equal, match, ok } from "node:assert/strict";
import {
  endSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import { linksOf, wordsOf } from "../../../support/html.ts";
import { createWorld, type World } from "../../../support/world.ts";

async function see(
  world: World,
  person: World["doctor"],
  id: string,
): Promise<string> {
  return await (await world.ask(person, "GET", `/telemedicine/${id}/details`))
    .text();
}

/** A session with a whole life behind it. */
async function completed(world: World): Promise<string> {
  const { services, doctor, patient } = world;
  const { id } = await world.plan({ notes: "Secret <b>note</b>." });
  await startSession(services, doctor, id);
  await requestAccess(services, patient, id);
  world.pass(18 * 60);
  await endSession(services, doctor, id);
  return id;
}

Deno.test("S3.35, S3.38: the details show facts and history to both", async () => {
  await using world = await createWorld();
  const id = await completed(world);
  for (const person of [world.doctor, world.patient]) {
    const words = wordsOf(await see(world, person, id));
    match(words, /Completed/);
    match(words, /Duration 18 minutes/);
    match(words, /View only: this session is over\./);
    match(
      words,
      /Session created.*Session started.*Pat Night asked to join.*Session ended/,
    );
  }
});

Deno.test("S3.7: notes are the doctor's alone", async () => {
  await using world = await createWorld();
  const id = await completed(world);
  match(wordsOf(await see(world, world.doctor, id)), /Secret <b>note<\/b>\./);
  const patients = await see(world, world.patient, id);
  ok(!patients.includes("Secret"));
  ok(
    !patients.includes("bedside-"),
    "the room's name says nothing to a patient",
  );
});

Deno.test("what can be joined can be joined from here", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const href = `/telemedicine/${id}`;
  const joins = async (person: World["doctor"], label: string) =>
    linksOf(await see(world, person, id)).some(([name, to]) =>
      name === label && to === href
    );
  ok(await joins(world.patient, "Join Session"));
  ok(!await joins(world.doctor, "Join Call"));
  await startSession(world.services, world.doctor, id);
  ok(await joins(world.doctor, "Join Call"));
});

Deno.test("strangers learn nothing, not even that the session exists", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  for (const person of [world.otherDoctor, world.otherPatient, world.admin]) {
    const answer = await world.ask(
      person,
      "GET",
      `/telemedicine/${id}/details`,
    );
    ok(!(await answer.text()).includes("Pat Night"));
    equal(answer.status, 404);
  }
});
