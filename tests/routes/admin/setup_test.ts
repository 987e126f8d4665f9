import assert from "node:assert/strict";
import { emulatorTarget, twilioTarget } from "@/lib/setup/target.ts";
import { buttonsOf, linksOf, wordsOf } from "../../support/html.ts";
import { createWorld, type Person, type World } from "../../support/world.ts";

const PAGE = "/admin/setup";

async function show(world: World, person: Person = world.admin) {
  const answer = await world.ask(person, "GET", PAGE);
  assert.equal(answer.status, 200);
  return await answer.text();
}

async function runChecks(world: World): Promise<string> {
  const answer = await world.ask(world.admin, "POST", PAGE, { form: {} });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("location"), PAGE);
  return await show(world);
}

/** The checks that the page shows, by what came of them. */
function outcomesOf(html: string): Record<string, string[]> {
  const outcomes: Record<string, string[]> = {};
  const rows = html.matchAll(/data-check="(\w+)" data-outcome="(\w+)"/g);
  for (const [, id, outcome] of rows) (outcomes[outcome!] ??= []).push(id!);
  return outcomes;
}

Deno.test("S1.32 S3.44 the set-up page runs the checks of test_twilio and keeps what came of them", async () => {
  await using world = await createWorld();
  const before = await show(world);
  assert.match(wordsOf(before), /The set-up has not been checked yet/);
  assert(buttonsOf(before).includes("Run the checks"));

  const html = await runChecks(world);
  const words = wordsOf(html);
  assert.match(words, /Everything works on the emulator/);
  assert.match(words, /34 of 34 checks pass\. Last run today \d\d:\d\d/);
  assert.match(words, /Done: API Key belongs to the correct account/);
  assert(outcomesOf(html).ok!.length >= 20);
  assert(buttonsOf(html).includes("Run the checks again"));
  // For whoever comes later, too.
  world.pass(600);
  assert.equal(wordsOf(await show(world)), words);
});

Deno.test("looking at the set-up page asks nobody", async () => {
  await using world = await createWorld();
  world.faults.set({ rest: [{ kind: "error", status: 500, times: 1 }] });
  world.faults.refuseSockets(true);
  await show(world);
  assert.equal(world.faults.state.rest.length, 1);
});

Deno.test("the set-up page says first what needs somebody, with what to do", async () => {
  await using world = await createWorld();
  world.faults.set({
    rest: [{
      kind: "error",
      status: 401,
      code: 20003,
      path: "/2010-04-01/Accounts/*",
    }],
    clockSkewMs: -90_000,
  });
  const html = await runChecks(world);
  const words = wordsOf(html);
  assert.match(words, /^.*One thing to fix before real visits/);
  assert.match(
    words,
    /Needs you Fix this: Unable to fetch record: Authenticate .* Look at this: This machine's clock is wrong .*NTP.* Not checked 1 Not checked: The account is active .* Working/,
  );
  assert.deepEqual(outcomesOf(html).error, ["auth_token_works"]);
  assert.deepEqual(outcomesOf(html).warning, ["clock"]);
  assert.deepEqual(outcomesOf(html).skipped, ["account_active"]);
});

Deno.test("two admins who run the checks at once get one run, and no room stays open", async () => {
  await using world = await createWorld();
  await Promise.all([runChecks(world), runChecks(world)]);
  const { environment, addresses } = world.services.setup;
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = environment;
  const list = async (status: string): Promise<unknown[]> => {
    const answer = await fetch(
      `${addresses.video}/v1/Rooms?Status=${status}`,
      {
        headers: {
          authorization: `Basic ${
            btoa(`${TWILIO_ACCOUNT_SID}:${TWILIO_AUTH_TOKEN}`)
          }`,
        },
      },
    );
    return (await answer.json()).rooms;
  };
  assert.deepEqual(await list("in-progress"), []);
  assert.equal((await list("completed")).length, 1);
});

Deno.test("the set-up page is for admins", async () => {
  await using world = await createWorld();
  for (const method of ["GET", "POST"]) {
    const ask = method === "POST" ? { form: {} } : {};
    for (const person of [world.doctor, world.patient]) {
      const answer = await world.ask(person, method, PAGE, ask);
      assert.equal(answer.status, 403);
      assert.doesNotMatch(await answer.text(), /TWILIO_/);
    }
    const nobody = await world.ask(null, method, PAGE, ask);
    await nobody.body?.cancel();
    assert.equal(nobody.status, 303);
    assert.match(nobody.headers.get("location")!, /^\/login/);
  }
  const elsewhere = await world.ask(world.admin, "POST", PAGE, {
    form: {},
    headers: { "sec-fetch-site": "cross-site" },
  });
  await elsewhere.body?.cancel();
  assert.equal(elsewhere.status, 403);
  assert.match(wordsOf(await show(world)), /has not been checked yet/);
});

Deno.test("admins find the set-up page from their home and from the header", async () => {
  await using world = await createWorld();
  const home = await (await world.ask(world.admin, "GET", "/admin")).text();
  assert.deepEqual(
    linksOf(home).filter(([, href]) => href === PAGE).map(([name]) => name),
    ["Set-up", "Check the set-up"],
  );
  const doctor = await (await world.ask(world.doctor, "GET", "/visits")).text();
  assert(!linksOf(doctor).some(([, href]) => href === PAGE));
});

Deno.test("S1.32 what a failing video service means leads to the set-up page", async () => {
  await using world = await createWorld();
  const leads = async (code: string) => {
    const answer = await world.ask(null, "GET", `/problems/${code}`);
    return linksOf(await answer.text()).some(([, href]) => href === PAGE);
  };
  for (
    const code of [
      "video_rejected",
      "video_unavailable",
      "video_not_configured",
    ]
  ) assert(await leads(code), code);
  assert(!await leads("visit_closed"));
});

Deno.test("S3.46 the set-up page says how to try it, S3.47 and where credentials come from", async () => {
  await using world = await createWorld();
  const words = wordsOf(await show(world));
  assert.match(
    words,
    /Try it now .*Run the checks.*create a session.*Start Session, Join Call.*Join Session.*Mute.*camera.*End Session/,
  );
  assert.match(words, /dr\.rao@demo\.bedside/);
  assert.match(
    words,
    /Where the credentials come from .*Account SID.*TWILIO_ACCOUNT_SID.*Auth Token.*TWILIO_AUTH_TOKEN.*Standard key in region US1.*TWILIO_API_KEY_SID.*TWILIO_API_KEY_SECRET.*Client-side Room Creation off/,
  );
});

Deno.test("S3.49 the support info has every result, and no secret, name or whole identifier", async () => {
  await using world = await createWorld();
  const html = await runChecks(world);
  assert.match(html, /<button[^>]*hidden[^>]*>[^]*?Copy support info/);
  const text = /<pre[^>]*>([^]*?)<\/pre>/.exec(html)![1]!;
  assert.match(text, /TWILIO_AUTH_TOKEN: set/);
  assert.match(text, /\[OK\] API Key belongs to the correct account/);
  const { environment } = world.services.setup;
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("TWILIO_")) continue;
    assert(!html.includes(environment[name]!), name);
  }
  assert(!text.includes(world.admin.actor.name));
});

Deno.test("in production without credentials the set-up page says so, and how to get them", async () => {
  await using world = await createWorld();
  world.services.setup = twilioTarget({
    APP_ENV: "production",
    PUBLIC_BASE_URL: world.origin,
  });
  assert.match(wordsOf(await show(world)), /every call is refused/);
  const html = await runChecks(world);
  assert.deepEqual(outcomesOf(html).error, ["public_address", "credentials"]);
  assert.match(wordsOf(html), /Fix this: No Twilio credentials are set/);
});

Deno.test("results of another video service are not shown as those of this one", async () => {
  await using world = await createWorld();
  await runChecks(world);
  const { setup } = world.services;
  world.services.setup = { ...setup, service: "twilio" };
  assert.match(wordsOf(await show(world)), /has not been checked yet/);
  world.services.setup = emulatorTarget({}, {
    callbackOrigin: world.origin,
    baseUrl: setup.addresses.video,
    accountSid: "",
    authToken: "",
    apiKeySid: "",
    apiKeySecret: "",
  });
  assert.match(wordsOf(await show(world)), /Everything works/);
});
