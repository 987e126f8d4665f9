import assert from "node:assert/strict";
import {
  createWorld,
  type Person,
  type World,
} from "../../../support/world.ts";

/** Every route of the API that is about one session or visit, and the body it takes. */
const ROUTES: [method: string, path: string, json?: unknown][] = [
  ["GET", "/api/v1/telemedicine/SESSION/"],
  ["POST", "/api/v1/telemedicine/SESSION/start/"],
  ["POST", "/api/v1/telemedicine/SESSION/end/"],
  ["POST", "/api/v1/telemedicine/SESSION/cancel/"],
  ["POST", "/api/v1/telemedicine/SESSION/leave/"],
  ["POST", "/api/v1/telemedicine/SESSION/video_offer/"],
  ["POST", "/api/v1/telemedicine/SESSION/video_answer/", { accepted: true }],
  ["POST", "/api/v1/telemedicine/token/", { session_id: "SESSION" }],
  ["GET", "/api/v1/telemedicine/SESSION/events/"],
  ["GET", "/api/v1/visits/VISIT/"],
  ["PATCH", "/api/v1/visits/VISIT/", { status: "CLOSED" }],
  ["GET", "/api/v1/visits/VISIT/messages/"],
  ["POST", "/api/v1/visits/VISIT/messages/", { text: "Hello" }],
  ["POST", "/api/v1/visits/VISIT/messages/read/", { up_to: "VISIT" }],
  ["GET", "/api/v1/visits/VISIT/messages/events/"],
  ["POST", "/api/v1/telemedicine/", {
    visit_id: "VISIT",
    scheduled_start: "2026-11-21T13:00:00Z",
  }],
];

/** Those that only the doctor may use. */
const DOCTORS_ONLY =
  /start\/$|end\/$|cancel\/$|^PATCH|^POST \/api\/v1\/telemedicine\/$/;

async function askAs(
  world: World,
  person: Person | null,
  [method, path, json]: typeof ROUTES[number],
  session: string,
  slash: boolean,
) {
  const fill = (text: string) =>
    text.replace("SESSION", session).replace("VISIT", world.visit.id);
  const url = slash ? fill(path) : fill(path).replace(/\/$/, "");
  const response = await world.ask(
    person,
    method,
    url,
    json === undefined ? {} : { json: JSON.parse(fill(JSON.stringify(json))) },
  );
  await response.body?.cancel();
  return response;
}

for (const route of ROUTES) {
  const name = `${route[0]} ${route[1]}`;
  for (const slash of [true, false]) {
    const how = slash ? "" : " without the trailing slash";
    Deno.test(`S1.14 S1.15 S3.36 ${name}${how} is closed to whoever it is not for`, async () => {
      await using world = await createWorld();
      const session = await world.plan();
      const expected: [Person | null, number][] = [
        [null, 401],
        [world.otherDoctor, 404],
        [world.otherPatient, 404],
        [world.admin, 404],
        ...(DOCTORS_ONLY.test(name)
          ? [[world.patient, 403] as [Person, number]]
          : []),
      ];
      for (const [person, status] of expected) {
        const response = await askAs(world, person, route, session.id, slash);
        assert.equal(response.status, status, person?.actor.name ?? "nobody");
        assert.equal(
          response.headers.get("content-type"),
          "application/problem+json",
        );
      }
    });
  }
}

Deno.test("denied attempts are written down, a few per minute", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  for (let i = 0; i < 20; i++) {
    await world.ask(
      world.otherPatient,
      "POST",
      `/api/v1/telemedicine/${session.id}/start/`,
    );
  }
  const denied = [];
  for await (
    const { value } of world.services.kv.list<{ action: string; code: string }>(
      { prefix: ["audit", "e"] },
    )
  ) {
    if (value.action === "access.denied") denied.push(value.code);
  }
  assert.deepEqual(denied, Array(5).fill("session_not_found"));
});

Deno.test("unknown addresses and methods of the API answer with a problem document", async () => {
  await using world = await createWorld();
  const missing = await world.ask(world.doctor, "GET", "/api/v1/nothing/");
  assert.equal(missing.status, 404);
  assert.equal((await missing.json()).code, "not_found");
  const odd = await world.ask(
    world.doctor,
    "GET",
    "/api/v1/telemedicine/%00%ff/",
  );
  assert.equal(odd.status, 404);
  await odd.body?.cancel();
  const long = await world.ask(
    world.doctor,
    "GET",
    `/api/v1/telemedicine/${"x".repeat(5000)}/`,
  );
  assert.equal(long.status, 404);
  await long.body?.cancel();
});

Deno.test("A13 a change that another site sent is refused, and so is one that does not say where from", async () => {
  await using world = await createWorld();
  const session = await world.plan();
  const path = `/api/v1/telemedicine/${session.id}/cancel/`;
  const send = async (headers: Record<string, string>) => {
    const response = await world.ask(world.doctor, "POST", path, { headers });
    const { code } = await response.json();
    return [response.status, code];
  };
  assert.deepEqual(await send({ "sec-fetch-site": "cross-site" }), [
    403,
    "cross_site",
  ]);
  assert.deepEqual(await send({ "sec-fetch-site": "same-site" }), [
    403,
    "cross_site",
  ]);
});

Deno.test("A17 bodies that are too large or in another format are refused", async () => {
  await using world = await createWorld();
  const send = async (body: string, type: string) => {
    const response = await world.ask(
      world.doctor,
      "POST",
      "/api/v1/telemedicine/token/",
      {
        form: { body },
        headers: { "content-type": type },
      },
    );
    const { code } = await response.json();
    return [response.status, code];
  };
  assert.deepEqual(await send("x".repeat(70_000), "application/json"), [
    413,
    "payload_too_large",
  ]);
  assert.deepEqual(await send("x", "text/plain"), [
    415,
    "unsupported_media_type",
  ]);
  assert.deepEqual(await send("x", "application/json"), [400, "validation"]);
});

Deno.test("every answer carries the security headers, errors included", async () => {
  await using world = await createWorld();
  for (
    const path of [
      "/api/v1/auth/me/",
      "/api/v1/nothing",
      "/healthz",
      "/login",
      "/nowhere",
    ]
  ) {
    const response = await world.ask(null, "GET", path);
    await response.body?.cancel();
    const header = (name: string) => response.headers.get(name);
    assert.equal(header("x-content-type-options"), "nosniff", path);
    assert.equal(header("referrer-policy"), "no-referrer", path);
    assert.equal(header("cross-origin-opener-policy"), "same-origin", path);
    const policy = header("content-security-policy") ?? "";
    for (
      const directive of [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
      ]
    ) assert(policy.includes(directive), `${path}: ${directive}`);
    assert.doesNotMatch(
      policy,
      /unsafe/,
      path,
    );
    assert.match(header("permissions-policy") ?? "", /camera=\(\)/, path);
    assert.match(header("x-request-id") ?? "", /^[0-9A-Z]{26}$/, path);
  }
});

Deno.test("A32 a foreign Host is refused once the public address is known", async () => {
  await using world = await createWorld({
    PUBLIC_BASE_URL: "https://care.example.org",
  });
  const response = await world.ask(null, "GET", "/login");
  await response.body?.cancel();
  assert.equal(response.status, 421);
  const probe = await world.ask(null, "GET", "/readyz");
  assert.deepEqual([probe.status, await probe.json()], [200, { status: "ok" }]);
});
