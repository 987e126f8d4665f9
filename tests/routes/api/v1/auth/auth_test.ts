import assert from "node:assert/strict";
import { findAccountByEmail } from "@/lib/accounts/store.ts";
import { listChain } from "@/lib/audit/store.ts";
import { hashPassword } from "@/lib/sign_in/password.ts";
import { createWorld, type World } from "../../../../support/world.ts";

const PASSWORD = "CANARY-password";

async function withPassword(world: World): Promise<void> {
  const account = await findAccountByEmail(
    world.services.kv,
    world.patient.actor.email,
  );
  await world.services.kv.set(["account", account!.id], {
    ...account,
    passwordHash: await hashPassword(PASSWORD),
  });
}

async function login(world: World, email: string, password: string) {
  const response = await world.ask(null, "POST", "/api/v1/auth/login/", {
    json: { email, password },
  });
  return { response, body: await response.json() };
}

Deno.test("POST login/ signs in, and the cookie admits", async () => {
  await using world = await createWorld();
  await withPassword(world);
  const { accountId: id, name, email, role } = world.patient.actor;
  const { response, body } = await login(
    world,
    ` ${email.toUpperCase()} `,
    PASSWORD,
  );
  assert.equal(response.status, 200);
  assert.deepEqual(body, { user: { id, name, email, role } });
  const cookie = response.headers.get("set-cookie")!;
  assert.match(cookie, /^bedside=[\w-]{43};.*HttpOnly/);
  assert.match(cookie, /SameSite=Lax/);
  const me = await world.ask(
    { ...world.patient, cookie: cookie.split(";")[0]! },
    "GET",
    "/api/v1/auth/me/",
  );
  assert.deepEqual(await me.json(), body);
});

Deno.test("V3.3.1 over https the cookie is __Host- and Secure", async () => {
  await using world = await createWorld({
    PUBLIC_BASE_URL: "https://127.0.0.1",
  });
  const { signInCookie } = await import("@/lib/http/cookies.ts");
  const cookie = signInCookie(world.config, "value", new Date(0));
  assert.match(cookie, /^__Host-bedside=value;.*Secure/);
  assert.match(cookie, /Path=\//);
  assert.doesNotMatch(cookie, /Domain/);
});

Deno.test("A11 POST login/ gives one answer to a wrong password and to an unknown address", async () => {
  await using world = await createWorld();
  await withPassword(world);
  const wrong = await login(world, world.patient.actor.email, "wrong");
  const unknown = await login(world, "nobody@test.bedside", "wrong");
  assert.equal(wrong.response.status, 401);
  assert.deepEqual(wrong.body, unknown.body);
  assert.equal(wrong.body.code, "invalid_credentials");
});

Deno.test("A12 POST login/ slows a guesser down, and nobody else", async () => {
  await using world = await createWorld();
  await withPassword(world);
  const { email } = world.patient.actor;
  for (let i = 0; i < 5; i++) await login(world, email, "wrong");
  const { response, body } = await login(world, email, PASSWORD);
  assert.equal(response.status, 429);
  assert.equal(body.code, "rate_limited");
  assert.equal(response.headers.get("retry-after"), "2");
  world.pass(3);
  assert.equal((await login(world, email, PASSWORD)).response.status, 200);
});

Deno.test("A12 POST login/ counts guesses that come all at once", async () => {
  await using world = await createWorld();
  await withPassword(world);
  const { email } = world.patient.actor;
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => login(world, email, "wrong")),
  );
  const looked = answers.filter(({ response }) => response.status === 401);
  assert(looked.length <= 5, `${looked.length} guesses were looked at`);
});

Deno.test("failed sign-ins cannot fill the storage", async () => {
  await using world = await createWorld();
  for (let i = 0; i < 40; i++) {
    await login(world, `nobody${i}@test.bedside`, "wrong");
  }
  let entries = 0;
  for await (
    const { value } of world.services.kv.list<{ action: string }>({
      prefix: ["audit", "e"],
    })
  ) {
    if (value.action.startsWith("sign_in.")) entries++;
  }
  assert.equal(entries, 5);
});

Deno.test("addresses that would not fit into a key are nobody's", async () => {
  await using world = await createWorld();
  for (const email of ["x".repeat(254), "\uFDFA".repeat(254)]) {
    const { response } = await login(world, email, "wrong");
    assert.equal(response.status, 401);
  }
  const form = await world.ask(null, "POST", "/login", {
    form: { email: "x".repeat(3000), password: "wrong" },
  });
  await form.body?.cancel();
  assert.equal(form.status, 400);
});

Deno.test("POST logout/ voids the sign-in at once, also where it is still open", async () => {
  await using world = await createWorld();
  const out = await world.ask(world.doctor, "POST", "/api/v1/auth/logout/");
  assert.equal(out.status, 204);
  assert.match(
    out.headers.get("set-cookie") ?? "",
    /^bedside=;.*Expires=Thu, 01 Jan 1970/,
  );
  const me = await world.ask(world.doctor, "GET", "/api/v1/auth/me/");
  assert.equal(me.status, 401);
  await me.body?.cancel();
});

Deno.test("V7.3.1 V7.3.2 a sign-in ends after half an hour without activity and after half a day", async () => {
  await using world = await createWorld();
  const status = async () => {
    const response = await world.ask(world.doctor, "GET", "/api/v1/auth/me/");
    await response.body?.cancel();
    return response.status;
  };
  for (let i = 0; i < 23; i++) {
    world.pass(29 * 60);
    assert.equal(await status(), 200);
  }
  world.pass(31 * 60);
  assert.equal(await status(), 401);
  await using other = await createWorld();
  for (let hours = 0; hours < 12; hours += 0.25) {
    await (await other.ask(other.doctor, "GET", "/api/v1/auth/me/")).body
      ?.cancel();
    other.pass(15 * 60);
  }
  const late = await other.ask(other.doctor, "GET", "/api/v1/auth/me/");
  await late.body?.cancel();
  assert.equal(late.status, 401);
});

Deno.test("V7.4.2 disabling an account voids its sign-ins", async () => {
  await using world = await createWorld();
  const { kv } = world.services;
  const { value } = await kv.get<object>([
    "account",
    world.doctor.actor.accountId,
  ]);
  await kv.set(["account", world.doctor.actor.accountId], {
    ...value,
    disabledAt: "2026-11-21T12:00:00.000Z",
  });
  const me = await world.ask(world.doctor, "GET", "/api/v1/auth/me/");
  assert.equal(me.status, 401);
  await me.body?.cancel();
});

Deno.test("sign-ins are audited, and neither password nor cookie is stored anywhere", async () => {
  await using world = await createWorld();
  await withPassword(world);
  const { response } = await login(world, world.patient.actor.email, PASSWORD);
  const cookie = response.headers.get("set-cookie")!.split(/[=;]/)[1]!;
  await login(world, world.patient.actor.email, "CANARY-wrong");
  const chain = await listChain(
    world.services.kv,
    `u:${world.patient.actor.accountId}`,
  );
  assert.deepEqual(chain.map(({ action }) => action), [
    "sign_in.success",
    "sign_in.failure",
  ]);
  for await (const { key, value } of world.services.kv.list({ prefix: [] })) {
    const text = JSON.stringify([key, value]);
    assert(!text.includes("CANARY"), text);
    assert(!text.includes(cookie), text);
  }
});
