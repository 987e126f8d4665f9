import { deepEqual, equal, match, ok } from "node:assert/strict";
import { markRead, readThread, sendMessage } from "@/lib/messages/service.ts";
import { closeVisit, createVisit } from "@/lib/visits/service.ts";
import { linksOf, valueOf, wordsOf } from "../support/html.ts";
import { createWorld, type Person, type World } from "../support/world.ts";

/** Markup, script and addresses that must stay the text they are. */
const HOSTILE = [
  `<script>alert(1)</script>`,
  `<img src=x onerror="alert(1)">`,
  `</textarea><svg onload=alert(1)>`,
  `"><iframe src="javascript:alert(1)">`,
  `</script><script>alert(1)</script>`,
  `<!--`,
  `]]>{{constructor.constructor("alert(1)")()}}`,
  `https://evil.example/?a=1&b=2 javascript:alert(1)`,
  `\u202egnp.exe`,
  `&lt;b&gt;`,
];

const doctorsPage = ({ visit }: World) => `/visits/${visit.id}/messages`;
const patientsPage = ({ visit }: World) =>
  `/patient-portal/messages/${visit.id}`;

async function see(world: World, person: Person, path: string) {
  const response = await world.ask(person, "GET", path);
  equal(response.status, 200);
  return await response.text();
}

async function write(
  world: World,
  person: Person,
  path: string,
  fields: Record<string, string>,
) {
  const response = await world.ask(person, "POST", path, { form: fields });
  return {
    status: response.status,
    to: response.headers.get("location"),
    html: await response.text(),
  };
}

const say = (world: World, person: Person, text: string) =>
  sendMessage(world.services, person, world.visit.id, text);

Deno.test("S2.1 without any script: both write by the form, and read what the other wrote", async () => {
  await using world = await createWorld();
  for (
    const [person, path, text] of [
      [world.patient, patientsPage(world), "It hurts\nhere"],
      [world.doctor, doctorsPage(world), "Since when?"],
    ] as const
  ) {
    const form = await see(world, person, path);
    const key = valueOf(form, "idempotency_key")!;
    // A double click, and going back to send once more.
    for (let i = 0; i < 3; i++) {
      const { status, to } = await write(world, person, path, {
        idempotency_key: key,
        text,
      });
      deepEqual([status, to], [303, `${path}#latest`]);
    }
  }
  const seen = wordsOf(await see(world, world.patient, patientsPage(world)));
  match(seen, /Today You, \d\d:\d\d It hurts here/);
  match(seen, /Dr Ada Day, \d\d:\d\d Since when\?/);
  equal(seen.match(/Since when/g)?.length, 1);
  equal(seen.match(/It hurts/g)?.length, 1);
  match(seen, /Seen/);
  match(seen, /If this is an emergency/);
});

Deno.test("text is text: nothing in a message becomes markup, a script or a link", async () => {
  await using world = await createWorld();
  for (const text of HOSTILE) await say(world, world.patient, text);
  for (
    const [person, path] of [
      [world.doctor, doctorsPage(world)],
      [world.patient, patientsPage(world)],
      [world.patient, "/patient-portal/messages"],
    ] as const
  ) {
    const html = await see(world, person, path);
    // Props of islands stand in a script as JSON; nothing may end it.
    const markup = html.replaceAll(/<script\b[^]*?<\/script>/g, "");
    ok(!/<img|<svg onload|<iframe|onerror="|<!--\s*<\//.test(markup), path);
    ok(!markup.includes("alert(1)</script>"), path);
    ok(!linksOf(html).some(([, href]) => /evil|javascript:/.test(href)), path);
    for (const script of html.match(/<script\b[^>]*>/g) ?? []) {
      ok(/nonce=|type="application\/json"/.test(script), script);
    }
  }
  const words = wordsOf(await see(world, world.doctor, doctorsPage(world)));
  for (const text of HOSTILE.slice(0, 5)) ok(words.includes(text), text);
});

Deno.test("what could not be sent stays in the field, with the reason", async () => {
  await using world = await createWorld();
  const path = patientsPage(world);
  const long = "x".repeat(2001);
  const refused = await write(world, world.patient, path, {
    idempotency_key: "k",
    text: long,
  });
  equal(refused.status, 422);
  equal(valueOf(refused.html, "text"), long);
  equal(valueOf(refused.html, "idempotency_key"), "k");
  match(wordsOf(refused.html), /This text is longer than 2000 characters\./);
  const empty = await write(world, world.patient, path, { text: " " });
  equal(empty.status, 422);
  match(wordsOf(empty.html), /This text is empty\./);
  for (let i = 0; i < 30; i++) await say(world, world.patient, `No ${i}`);
  const fast = await write(world, world.patient, path, { text: "One more" });
  equal(fast.status, 429);
  equal(valueOf(fast.html, "text"), "One more");
  await closeVisit(world.services, world.doctor, world.visit.id);
  const late = await write(world, world.patient, path, { text: "Too late" });
  equal(late.status, 409);
  match(wordsOf(late.html), /The visit is closed.* Not sent: Too late/);
});

Deno.test("a refused form is no reading, and no message of its own", async () => {
  await using world = await createWorld();
  const { services, patient } = world;
  const path = patientsPage(world);
  await say(world, world.doctor, "Hello");
  const fields = { idempotency_key: "k", text: "x".repeat(2001) };
  await write(world, patient, path, fields);
  const { thread } = await readThread(services, patient, world.visit.id, {});
  equal(thread.read.patient, null);
  equal(
    (await write(world, patient, path, { ...fields, text: "Hello you" }))
      .status,
    303,
  );
  const { messages } = await readThread(services, patient, world.visit.id, {});
  deepEqual(messages.map(({ text }) => text), ["Hello", "Hello you"]);
});

Deno.test("looking at a page is reading; prefetching it is not", async () => {
  await using world = await createWorld();
  const { services, doctor } = world;
  await say(world, world.patient, "Hello");
  const unread = async () =>
    (await readThread(services, doctor, world.visit.id, {})).thread.read.doctor;
  const response = await world.ask(doctor, "GET", doctorsPage(world), {
    headers: { "sec-purpose": "prefetch;prerender" },
  });
  await response.body?.cancel();
  equal(await unread(), null);
  await see(world, doctor, doctorsPage(world));
  equal((await unread())?.seen, 1);
});

Deno.test("unread messages are counted where one comes from", async () => {
  await using world = await createWorld();
  const { services, doctor, patient, visit } = world;
  const dashboard = async () =>
    wordsOf(await see(world, patient, "/patient-portal/dashboard"));
  match(await dashboard(), /Messages Write to your doctor/);
  await say(world, doctor, "one");
  const { id } = await say(world, doctor, "two");
  match(await dashboard(), /Messages 2 new messages/);
  match(
    wordsOf(await see(world, patient, "/patient-portal/messages")),
    /Dr Ada Day 2 new messages Cough two Dr Ada Day, today/,
  );
  await markRead(services, patient, visit.id, id);
  match(await dashboard(), /Messages Write to your doctor/);
  await say(world, patient, "three");
  for (
    const path of [
      "/visits",
      `/visits/${visit.id}`,
      `/visits/${visit.id}/telemedicine`,
    ]
  ) {
    const html = await see(world, doctor, path);
    match(wordsOf(html), /1 new message|Messages 1 new/, path);
    ok(
      linksOf(html).some(([, href]) =>
        href === `/visits/${visit.id}/messages#latest`
      ),
      path,
    );
  }
});

Deno.test("the patient's list has every visit, the one last written to first", async () => {
  await using world = await createWorld();
  const { services, doctor, otherDoctor, patient } = world;
  const open = (by: Person, reason: string) =>
    createVisit(services, by, { patientEmail: patient.actor.email, reason });
  await open(otherDoctor, "Rash");
  const closed = await open(doctor, "Ankle");
  await sendMessage(services, doctor, closed.id, "Rest it.");
  await closeVisit(services, doctor, closed.id);
  world.pass(60);
  await say(world, patient, "long ".repeat(50));
  const html = await see(world, patient, "/patient-portal/messages");
  match(
    wordsOf(html),
    /Cough long .*… You, today .* Closed 1 new message Ankle Rest it\. .* Dr Otto Other Rash/,
  );
  const none = await see(
    world,
    world.otherPatient,
    "/patient-portal/messages",
  );
  match(wordsOf(none), /No messages\./);
});

Deno.test("older messages are one link away, also without script", async () => {
  await using world = await createWorld();
  for (let i = 0; i < 30; i++) await say(world, world.patient, `No ${i}.`);
  world.pass(60);
  for (let i = 30; i < 55; i++) await say(world, world.patient, `No ${i}.`);
  const html = await see(world, world.doctor, doctorsPage(world));
  ok(!wordsOf(html).includes("No 4."));
  const [, href] = linksOf(html).find(([name]) => name === "Earlier messages")!;
  const older = await see(world, world.doctor, doctorsPage(world) + href);
  match(wordsOf(older), /No 0\. .* No 4\./);
  ok(!wordsOf(older).includes("No 5."));
  ok(linksOf(older).some(([name]) => name === "Newest messages"));
});

Deno.test("S2.1 the pages are for the two people of the visit", async () => {
  await using world = await createWorld();
  await say(world, world.patient, "CANARY-TEXT");
  const [doctors, patients] = [doctorsPage(world), patientsPage(world)];
  const cases: [Person | null, string, number][] = [
    [null, doctors, 303],
    [world.otherDoctor, doctors, 404],
    [world.patient, doctors, 403],
    [world.admin, doctors, 404],
    [world.otherPatient, patients, 404],
    [world.doctor, patients, 403],
    [world.admin, "/patient-portal/messages", 403],
  ];
  for (const [person, path, status] of cases) {
    for (const method of ["GET", "POST"]) {
      if (method === "POST" && path === "/patient-portal/messages") continue;
      const response = await world.ask(
        person,
        method,
        path,
        method === "POST" ? { form: { text: "x" } } : {},
      );
      equal(response.status, status, `${method} ${path}`);
      ok(!(await response.text()).includes("CANARY-TEXT"));
    }
  }
});
