import {
  deepEqual,
  doesNotMatch,
  equal,
  match,
  notEqual,
  ok,
} from "node:assert/strict";
import type { Account } from "@/lib/accounts/account.ts";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import { acceptCall, cancelCall, requestCall } from "@/lib/calls/service.ts";
import { findCall } from "@/lib/calls/store.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import { SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import {
  endSession,
  leaveSession,
  requestAccess,
} from "@/lib/sessions/service.ts";
import { buttonsOf, linksOf, valueOf, wordsOf } from "../../support/html.ts";
import { aWish } from "../../support/fixtures.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

const HOME = "/patient-portal/dashboard";
const WISH = aWish({ mode: "video", reason: "Rash" });

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
    const form = { mode, reason: "Rash" };
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
  const told = wordsOf((await open(world, patient, late.to)).html);
  match(told, /The call request does not wait any more/);
  match(told, /Dr Ada Day took your call/);
  const home = await open(world, patient, `${HOME}?left=${session.id}`);
  match(wordsOf(home.html), /You left. The visit is still open/);
  ok(
    linksOf(home.html).some(([name, to]) =>
      name === "Back to the call" && to === href
    ),
  );
  await requestAccess(services, doctor, session.id);
  await endSession(services, doctor, session.id);
  const over = await open(world, patient, `/calls/${id}`);
  deepEqual([over.status, over.to], [303, href]);
  const again = await open(world, patient, HOME);
  ok(buttonsOf(again.html).includes("Video call a doc"));
});

Deno.test("the dashboard offers what some doctor of the clinic answers to, and nothing else", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  const bare = await open(world, patient, HOME);
  match(bare.html, /<details *>/);
  match(wordsOf(bare.html), /It cannot wait/);
  ok(!bare.html.includes("<select"));
  await setAvailability(services, doctor, {
    available: true,
    languages: ["es"],
  });
  await setAvailability(services, otherDoctor, {
    languages: ["en", "es"],
    specialties: ["general-practice"],
  });
  const { html } = await open(world, patient, HOME);
  match(
    wordsOf(html),
    /Language Any language English \(nobody right now\) Spanish Kind of doctor Any doctor General practice \(nobody right now\) It cannot wait/,
  );
  ok(!html.includes("<script"));
  // Who does not work here any more is asked for by nobody.
  const { kv } = services;
  const key = ["account", otherDoctor.actor.accountId];
  const { value } = await kv.get<Account>(key);
  await kv.set(key, { ...value!, disabledAt: "2026-11-21T12:00:00.000Z" });
  const without = await open(world, patient, HOME);
  match(wordsOf(without.html), /Language Any language Spanish It cannot wait/);
});

Deno.test("what is asked for on the dashboard is seen on the page of the call and in the queue", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  await setAvailability(services, doctor, {
    available: true,
    languages: ["es"],
    specialties: ["dermatology"],
  });
  const sent = await send(world, patient, "/calls", {
    mode: "video",
    reason: "Rash",
    language: "es",
    specialty: "dermatology",
    urgent: "on",
  });
  const { html } = await open(world, patient, sent.to);
  match(wordsOf(html), /Urgent Dermatology Spanish/);
  const queue = await open(world, doctor, "/doctor/queue");
  match(wordsOf(queue.html), /urgent Pat Night Rash Video Dermatology Spanish/);
  const other = await open(world, otherDoctor, "/doctor/queue");
  match(wordsOf(other.html), /Nobody is waiting/);
});

Deno.test("a form that cannot be right comes back with everything that was typed", async () => {
  await using world = await createWorld();
  const { patient } = world;
  const form = {
    mode: "voice",
    reason: "x".repeat(301),
    language: "es",
    specialty: "dermatology",
    urgent: "on",
  };
  const response = await world.ask(patient, "POST", "/calls", { form });
  const html = await response.text();
  equal(response.status, 422);
  match(wordsOf(html), /This text has more than 300 characters\./);
  equal(valueOf(html, "reason"), form.reason);
  match(html, /<details open/);
  match(html, /<option[^>]*value="es"[^>]*selected[^>]*>/);
  match(html, /<option[^>]*value="dermatology"[^>]*selected[^>]*>/);
  match(html, /<input[^>]*name="urgent"[^>]*checked/);
  const odd = await world.ask(patient, "POST", "/calls", {
    form: { mode: "fax", language: "en-ab-cd", specialty: "Skin!" },
  });
  const words = wordsOf(await odd.text());
  match(words, /Choose a video call or a voice call\./);
  equal(odd.status, 422);
});

Deno.test("who asks too often is told so, and keeps what was typed", async () => {
  await using world = await createWorld();
  const { services, patient } = world;
  for (let i = 0; i < 10; i++) {
    const { call: { id } } = await requestCall(services, patient, WISH);
    await cancelCall(services, patient, id);
  }
  const response = await world.ask(patient, "POST", "/calls", {
    form: { mode: "voice", reason: "Rash", urgent: "on" },
  });
  const html = await response.text();
  equal(response.status, 429);
  equal(response.headers.get("retry-after"), "600");
  match(wordsOf(html), /Too many attempts\. Please wait a moment\./);
  equal(valueOf(html, "reason"), "Rash");
  match(html, /<input[^>]*name="urgent"[^>]*checked/);
});

Deno.test("who asked for a doctor who is not there is told, and can ask any doctor instead", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  await setAvailability(services, doctor, { available: true });
  const { call: { id } } = await requestCall(services, patient, {
    ...WISH,
    specialty: "dermatology",
    language: "es",
  });
  const narrow = await open(world, patient, `/calls/${id}`);
  match(
    wordsOf(narrow.html),
    /No doctor for dermatology who speaks Spanish is available right now\. You can wait, or ask any doctor; you keep your place\./,
  );
  deepEqual(
    buttonsOf(narrow.html).filter((name) => name.startsWith("Ask any")),
    ["Ask any doctor who speaks Spanish", "Ask any doctor"],
  );
  const path = `/calls/${id}/widen`;
  const here = { status: 303, to: `/calls/${id}` };
  deepEqual(await send(world, patient, path, { keep_language: "yes" }), here);
  const spanish = await open(world, patient, `/calls/${id}`);
  match(wordsOf(spanish.html), /No doctor who speaks Spanish is available/);
  deepEqual(await send(world, patient, path, {}), here);
  const wide = await open(world, patient, `/calls/${id}`);
  match(wordsOf(wide.html), /You are next Usually within a minute\./);
  ok(!buttonsOf(wide.html).includes("Ask any doctor"));
  await acceptCall(services, doctor, id);
  deepEqual(await send(world, patient, path, {}), {
    status: 303,
    to: `/calls/${id}?problem=call_over`,
  });
});

Deno.test("the same form sent again after its call was taken back asks anew", async () => {
  await using world = await createWorld();
  const { services, patient } = world;
  const page = await open(world, patient, HOME);
  equal(valueOf(page.html, "idempotency_key"), null);
  const form = { mode: "voice", reason: "Rash" };
  const first = await send(world, patient, "/calls", form);
  await send(world, patient, `${first.to}/cancel`, {});
  const second = await send(world, patient, "/calls", form);
  notEqual(second.to, first.to);
  const call = await findCall(services.kv, second.to.split("/")[2]!);
  equal(call.status, "WAITING");
});

Deno.test("who asks for voice while a video call waits gets that one, and is told", async () => {
  await using world = await createWorld();
  const { patient } = world;
  const first = await send(world, patient, "/calls", { mode: "video" });
  const second = await send(world, patient, "/calls", { mode: "voice" });
  deepEqual(second, { status: 303, to: `${first.to}?asked=voice` });
  const { html } = await open(world, patient, second.to);
  match(wordsOf(html), /You already asked for a video call/);
  doesNotMatch(
    wordsOf((await open(world, patient, first.to)).html),
    /You already asked/,
  );
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

Deno.test("a patient to whom no doctor came is led to the line and told why; whoever gave the call up, to asking again", async () => {
  await using world = await createWorld();
  const { services, doctor, patient } = world;
  const sweep = () =>
    sweepCalls(services, SYSTEM_VOICE, new AbortController().signal);
  const { call: { id } } = await requestCall(services, patient, WISH);
  const first = (await acceptCall(services, doctor, id)).session.id;
  await endSession(services, doctor, first);
  const old = await open(world, patient, `/telemedicine/${first}`);
  deepEqual([old.status, old.to], [303, `/calls/${id}`]);
  // Its place is about to be taken again.
  const page = await open(world, patient, `/calls/${id}`);
  match(wordsOf(page.html), /You are in line/);
  ok(!buttonsOf(page.html).includes("Cancel call"));
  match(page.html, /<noscript><meta http-equiv="refresh" content="10"/);
  ok((await open(world, doctor, `/telemedicine/${first}`)).status === 200);
  await sweep();
  const waits = await open(world, patient, `/calls/${id}`);
  match(wordsOf(waits.html), /You are next/);

  const second = (await acceptCall(services, doctor, id)).session.id;
  await requestAccess(services, patient, second);
  await leaveSession(services, patient, second);
  await endSession(services, doctor, second);
  const over = await open(world, patient, `/telemedicine/${second}`);
  match(wordsOf(over.html), /did not come We are sorry. Ask again/);
  deepEqual(
    linksOf(over.html).find(([name]) => name === "Ask again"),
    ["Ask again", `${HOME}#ask`],
  );
  await sweep();
  const ended = await open(world, patient, `/calls/${id}`);
  match(wordsOf(ended.html), /You have cancelled the call/);
});
