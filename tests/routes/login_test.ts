import { equal, match, ok } from "node:assert/strict";
import { ulid } from "ulid";
import { insertAccount } from "@/lib/accounts/store.ts";
import { hashPassword } from "@/lib/sign_in/password.ts";
import { buttonsOf, valueOf, wordsOf } from "../support/html.ts";
import { createWorld, type World } from "../support/world.ts";

const EMAIL = "dr.who@test.bedside";
const PASSWORD = "correct horse battery";

/** A world with somebody whose password is known. */
async function worldWithPassword(): Promise<World> {
  const world = await createWorld();
  await insertAccount(world.services.kv, {
    id: ulid(),
    name: "Dr Wilma Who",
    email: EMAIL,
    role: "doctor",
    passwordHash: await hashPassword(PASSWORD),
    disabledAt: null,
    createdAt: world.services.now().toISOString(),
  });
  // The hash that unknown addresses are checked against is made once, at the first attempt: not within a test.
  const warmUp = { email: "nobody@test.bedside", password: "wrong" };
  await (await world.ask(null, "POST", "/login", { form: warmUp })).body
    ?.cancel();
  return world;
}

Deno.test("GET /login shows the form and, outside production, the demo accounts", async () => {
  await using world = await createWorld();
  const answer = await world.ask(null, "GET", "/login");
  const html = await answer.text();
  equal(answer.status, 200);
  match(html, /<title>Sign in · Bedside<\/title>/);
  ok(buttonsOf(html).includes("Sign in"));
  ok(buttonsOf(html).includes("Sign in as Dr Meera Rao"));
  match(wordsOf(html), /If this is an emergency/);
});

Deno.test("GET /login keeps the demo accounts to itself in production", async () => {
  await using world = await createWorld();
  world.config.appEnv = "production";
  const html = await (await world.ask(null, "GET", "/login")).text();
  equal(buttonsOf(html).filter((name) => name.includes(" as ")).length, 0);
  ok(!html.includes("bedside-demo"));
});

Deno.test("POST /login signs in and leads to where one wanted to go", async () => {
  await using world = await worldWithPassword();
  const answer = await world.ask(null, "POST", "/login", {
    form: { email: EMAIL, password: PASSWORD, next: "/visits?show=all" },
  });
  equal(answer.status, 303);
  equal(answer.headers.get("location"), "/visits?show=all");
  match(
    answer.headers.get("set-cookie") ?? "",
    /^bedside=[\w-]{43};.*HttpOnly/i,
  );
});

for (
  const next of [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "",
  ]
) {
  Deno.test(`POST /login does not lead away to ${JSON.stringify(next)}`, async () => {
    await using world = await worldWithPassword();
    const answer = await world.ask(null, "POST", "/login", {
      form: { email: EMAIL, password: PASSWORD, next },
    });
    equal(answer.headers.get("location"), "/visits");
  });
}

Deno.test("POST /login with a wrong password says so and keeps the address", async () => {
  await using world = await worldWithPassword();
  const answer = await world.ask(null, "POST", "/login", {
    form: { email: EMAIL, password: "wrong", next: "/visits" },
  });
  const html = await answer.text();
  equal(answer.status, 401);
  equal(answer.headers.get("set-cookie"), null);
  equal(valueOf(html, "email"), EMAIL);
  equal(valueOf(html, "password"), "");
  equal(valueOf(html, "next"), "/visits");
  match(wordsOf(html), /The email address or the password is not right/);
});

Deno.test("POST /login slows down after many failures, with 429", async () => {
  await using world = await createWorld();
  const form = { email: "nobody@test.bedside", password: "wrong" };
  let answer: Response;
  do {
    answer = await world.ask(null, "POST", "/login", { form });
    await answer.body?.cancel();
  } while (answer.status === 401);
  equal(answer.status, 429);
  ok(Number(answer.headers.get("retry-after")) > 0);
});

Deno.test("GET /login sends whoever is signed in home", async () => {
  await using world = await createWorld();
  const home = async (person: World["doctor"]) =>
    (await world.ask(person, "GET", "/login")).headers.get("location");
  equal(await home(world.doctor), "/visits");
  equal(await home(world.patient), "/patient-portal/dashboard");
  equal(await home(world.admin), "/admin");
});

Deno.test("POST /logout ends the sign-in", async () => {
  await using world = await createWorld();
  const answer = await world.ask(world.doctor, "POST", "/logout");
  equal(answer.status, 303);
  equal(answer.headers.get("location"), "/login?signed_out=1");
  match(answer.headers.get("set-cookie") ?? "", /^bedside=;/);
  equal(
    (await world.ask(world.doctor, "GET", "/visits")).headers.get("location"),
    "/login?next=%2Fvisits",
  );
});
