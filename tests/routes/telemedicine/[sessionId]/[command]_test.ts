import { equal, match, ok } from "node:assert/strict";
import { AppError } from "@/lib/errors.ts";
import {
  getSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import { buttonsOf, linksOf, wordsOf } from "../../../support/html.ts";
import { createWorld, type World } from "../../../support/world.ts";

function send(
  world: World,
  command: string,
  id: string,
  form: Record<string, string> = {},
  person: World["doctor"] | null = world.doctor,
): Promise<Response> {
  return world.ask(person, "POST", `/telemedicine/${id}/${command}`, { form });
}

async function statusOf(world: World, id: string) {
  return (await getSession(world.services, world.doctor, id)).status;
}

Deno.test("S3.9, S3.17, S3.18: Start Session and End Session work as forms, back to the list", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const list = `/visits/${world.visit.id}/telemedicine`;
  const started = await send(world, "start", id);
  equal(started.status, 303);
  equal(started.headers.get("location"), list);
  equal(await statusOf(world, id), "IN_PROGRESS");
  const html = await (await world.ask(world.doctor, "GET", list)).text();
  ok(
    linksOf(html).some(([name, href]) =>
      name === "Join Call" && href === `/telemedicine/${id}`
    ),
  );
  ok(buttonsOf(html).includes("End Session"));
  world.pass(18 * 60);
  await send(world, "end", id);
  equal(await statusOf(world, id), "COMPLETED");
});

Deno.test("S3.27: Cancel works as a form", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  equal((await send(world, "cancel", id)).status, 303);
  equal(await statusOf(world, id), "CANCELLED");
});

Deno.test("S3.22: leaving leads the patient back to the sessions, and the session goes on", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  await requestAccess(world.services, world.patient, id);
  const answer = await send(world, "leave", id, {}, world.patient);
  equal(
    answer.headers.get("location"),
    `/patient-portal/telemedicine?left=${id}`,
  );
  equal(await statusOf(world, id), "IN_PROGRESS");
  const html = await (await world.ask(
    world.patient,
    "GET",
    answer.headers.get("location")!,
  )).text();
  match(wordsOf(html), /You left\. The visit is still open\./);
});

for (const command of ["end", "cancel"]) {
  Deno.test(`GET ${command} asks first, with a way back`, async () => {
    await using world = await createWorld();
    const { id } = await world.plan();
    const answer = await world.ask(
      world.doctor,
      "GET",
      `/telemedicine/${id}/${command}?return_to=//evil.example`,
    );
    const html = await answer.text();
    match(wordsOf(html), /This cannot be undone\./);
    ok(
      buttonsOf(html).includes(
        command === "end" ? "End Session" : "Cancel session",
      ),
    );
    const list = `/visits/${world.visit.id}/telemedicine`;
    ok(
      linksOf(html).some(([name, href]) =>
        name.startsWith("Keep it") && href === list
      ),
    );
    equal(await statusOf(world, id), "SCHEDULED");
  });
}

Deno.test("a command that lost a race comes back to the list with the reason", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await send(world, "cancel", id);
  const answer = await send(world, "start", id, {
    return_to: "/visits?show=all",
  });
  equal(
    answer.headers.get("location"),
    "/visits?show=all&problem=invalid_transition",
  );
});

Deno.test("S3.9: a start that the video service does not answer comes back with the reason", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  world.services.video.openRoom = () =>
    Promise.reject(new AppError("video_unavailable", "No answer"));
  const answer = await send(world, "start", id);
  const list = answer.headers.get("location")!;
  match(list, /\?problem=video_unavailable$/);
  const words = wordsOf(
    await (await world.ask(world.doctor, "GET", list)).text(),
  );
  match(words, /The video service does not answer\. It is not your device/);
  equal(await statusOf(world, id), "SCHEDULED");
});

Deno.test("return_to never leads away", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const answer = await send(world, "start", id, {
    return_to: "https://evil.example/",
  });
  equal(
    answer.headers.get("location"),
    `/visits/${world.visit.id}/telemedicine`,
  );
});

Deno.test("commands are refused to others, and to other addresses and methods", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  const refused: [answer: Response, status: number][] = [
    [await send(world, "start", id, {}, world.otherDoctor), 404],
    [await send(world, "start", id, {}, world.patient), 403],
    [await send(world, "start", id, {}, null), 303],
    [await send(world, "explode", id), 404],
    [await send(world, "constructor", id), 404],
    [await world.ask(world.doctor, "GET", `/telemedicine/${id}/start`), 404],
    [await world.ask(world.patient, "GET", `/telemedicine/${id}/end`), 403],
  ];
  for (const [answer, status] of refused) {
    await answer.body?.cancel();
    equal(answer.status, status);
  }
  equal(await statusOf(world, id), "SCHEDULED");
});
