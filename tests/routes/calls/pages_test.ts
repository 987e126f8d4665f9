import { deepEqual, equal, match, ok } from "node:assert/strict";
import { acceptCall, requestCall } from "@/lib/calls/service.ts";
import { findCall } from "@/lib/calls/store.ts";
import { endSession } from "@/lib/sessions/service.ts";
import { buttonsOf, linksOf, valueOf, wordsOf } from "../../support/html.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

const HOME = "/patient-portal/dashboard";
const WISH = {
  mode: "video",
  reason: "Rash",
  urgency: "routine",
  specialty: null,
  language: null,
} as const;

async function open(world: World, person: Person, path: string) {
  const response = await world.ask(person, "GET", path);
  return {
    status: response.status,
    to: response.headers.get("location"),
    html: await response.text(),
  };
}

async function send(
  world: World,
  person: Person | null,
  path: string,
  form: Record<string, string>,
) {
  const response = await world.ask(person, "POST", path, { form });
  await response.body?.cancel();
  return {
    status: response.status,
    to: response.headers.get("location") ?? "",
  };
}

Deno.test("S2.23 S2.24 the dashboard has Voice call a doc and Video call a doc, and both lead into the queue", async () => {
  await using world = await createWorld();
  for (
    const [person, mode] of [
      [world.patient, "voice"],
      [world.otherPatient, "video"],
    ] as const
  ) {
    const { html } = await open(world, person, HOME);
    const buttons = buttonsOf(html);
    ok(buttons.includes("Voice call a doc"));
    ok(buttons.includes("Video call a doc"));
    match(wordsOf(html), /No doctor is available right now/);
    ok(!html.includes("<script"));
    const key = valueOf(html, "idempotency_key")!;
    const form = { mode, reason: "Rash", idempotency_key: key };
    const sent = await send(world, person, "/calls", form);
    equal(sent.status, 303);
    // Pressed twice, it is the same.
    deepEqual(await send(world, person, "/calls", form), sent);
    const id = sent.to.split("/")[2]!;
    const call = await findCall(world.services.kv, id);
    deepEqual([call.mode, call.reason, call.status], [mode, "Rash", "WAITING"]);
  }
});

Deno.test("S2.27 nobody asks for a call without being signed in: the sign-in page comes first", async () => {
  await using world = await createWorld();
  const asked = await send(world, null, "/calls", { mode: "voice" });
  deepEqual([asked.status, asked.to.split("?")[0]], [303, "/login"]);
  for (
    const path of [HOME, "/doctor/queue", "/calls/01JD0000000000000000000002"]
  ) {
    const response = await world.ask(null, "GET", path);
    await response.body?.cancel();
    equal(
      response.headers.get("location"),
      `/login?next=${encodeURIComponent(path)}`,
    );
  }
});

Deno.test("S2.28 a waiting patient sees place and wait; the dashboard leads back to it", async () => {
  await using world = await createWorld();
  const { services, patient } = world;
  const { call: { id } } = await requestCall(services, patient, WISH);
  const response = await world.ask(patient, "GET", `/calls/${id}`);
  // Where the devices can be tried.
  match(response.headers.get("permissions-policy")!, /microphone=\(self\)/);
  const html = await response.text();
  match(wordsOf(html), /You are next No doctor is available right now/);
  match(wordsOf(html), /What it is about: Rash/);
  ok(buttonsOf(html).includes("Cancel call"));
  match(html, /<noscript><meta http-equiv="refresh" content="10"/);
  const home = await open(world, patient, HOME);
  ok(!buttonsOf(home.html).includes("Voice call a doc"));
  deepEqual(
    linksOf(home.html).find(([name]) => name === "Back to the line"),
    ["Back to the line", `/calls/${id}`],
  );
});

Deno.test("S2.28 an accepted call leads into the call, from its page and from the dashboard; when it is over, to asking again", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const { call: { id } } = await requestCall(services, patient, WISH);
  const { session } = await acceptCall(services, doctor, id);
  const href = `/telemedicine/${session.id}`;
  const waiting = await open(world, patient, `/calls/${id}`);
  ok(
    linksOf(waiting.html).some(([name, to]) =>
      name === "Join Session" && to === href
    ),
  );
  const late = await send(world, patient, `/calls/${id}/cancel`, {});
  deepEqual(late, { status: 303, to: `/calls/${id}?problem=call_over` });
  const home = await open(world, patient, `${HOME}?left=${session.id}`);
  match(wordsOf(home.html), /You left. The visit is still open/);
  ok(
    linksOf(home.html).some(([name, to]) =>
      name === "Back to the call" && to === href
    ),
  );
  await endSession(services, doctor, session.id);
  const over = await open(world, patient, `/calls/${id}`);
  deepEqual([over.status, over.to], [303, href]);
  const again = await open(world, patient, HOME);
  ok(buttonsOf(again.html).includes("Video call a doc"));
});

Deno.test("a call that was taken back says so", async () => {
  await using world = await createWorld();
  const { services, patient } = world;
  const { call: { id } } = await requestCall(services, patient, WISH);
  const sent = await send(world, patient, `/calls/${id}/cancel`, {});
  deepEqual(sent, { status: 303, to: `/calls/${id}` });
  const { html } = await open(world, patient, sent.to);
  match(wordsOf(html), /You have cancelled the call/);
});

Deno.test("the page of a call is its patient's alone", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, otherPatient, admin } = world;
  const { call: { id } } = await requestCall(services, patient, WISH);
  for (const person of [otherPatient, admin]) {
    equal((await open(world, person, `/calls/${id}`)).status, 404);
    const sent = await send(world, person, `/calls/${id}/cancel`, {});
    equal(sent.status, 404);
  }
  equal((await send(world, doctor, `/calls/${id}/cancel`, {})).status, 403);
  equal((await send(world, patient, `/calls/${id}/nothing`, {})).status, 404);
  // A doctor who follows a link sees who waits.
  equal((await open(world, doctor, `/calls/${id}`)).to, "/doctor/queue");
});
