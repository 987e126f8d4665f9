import assert from "node:assert/strict";
import { openUnconfigured } from "@/lib/video/unconfigured.ts";
import type { AuditEntry } from "@/lib/audit/entry.ts";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import { claimsOf } from "../../../support/claims.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../support/world.ts";

/** Asks for a token; what is not given is not said. */
async function ask(
  world: World,
  person: Person | null,
  params: Record<string, string> | string,
  headers: Record<string, string> = {},
) {
  const query = new URLSearchParams(params);
  const response = await world.ask(
    person,
    "GET",
    `/api/video/token?${query}`,
    { headers },
  );
  return {
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  };
}

/** A session that runs, and what its patient would ask with. */
async function running(world: World) {
  const { id } = await world.plan();
  const session = await startSession(world.services, world.doctor, id);
  const { roomName } = session;
  return { session, roomName, identity: world.patient.actor.accountId };
}

async function denials(world: World): Promise<string[]> {
  const codes: string[] = [];
  const entries = world.services.kv.list<AuditEntry>({
    prefix: ["audit", "e"],
  });
  for await (const { value } of entries) {
    if (value.action === "access.denied") codes.push(value.code!);
  }
  return codes;
}

Deno.test("S2.10 a participant gets { token } for the room asked for, and nothing else", async () => {
  await using world = await createWorld();
  const { roomName } = await running(world);
  for (const person of [world.doctor, world.patient]) {
    const { accountId } = person.actor;
    const { status, headers, body } = await ask(world, person, {
      roomName,
      identity: accountId,
    });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ["token"]);
    assert.deepEqual(claimsOf(body.token).payload.grants, {
      identity: accountId,
      video: { room: roomName },
    });
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("deprecation"), "true");
    assert.equal(
      headers.get("link"),
      '</api/v1/telemedicine/token/>; rel="successor-version"',
    );
  }
});

Deno.test("S2.11 what is missing or empty is answered word for word", async () => {
  await using world = await createWorld();
  const { roomName, identity } = await running(world);
  const incomplete: Record<string, string>[] = [
    {},
    { roomName },
    { identity },
    { roomName, identity: "" },
    { roomName: "", identity },
  ];
  for (const params of incomplete) {
    const { status, headers, body } = await ask(world, world.patient, params);
    assert.equal(status, 400);
    assert.deepEqual(body, { error: "Missing roomName or identity" });
    assert.equal(headers.get("content-type"), "application/json");
  }
});

Deno.test("S2.11 two meanings, and what can be no room or identity, are refused", async () => {
  await using world = await createWorld();
  const { roomName, identity } = await running(world);
  const strange: (Record<string, string> | string)[] = [
    `roomName=${roomName}&roomName=${roomName}&identity=${identity}`,
    `roomName=${roomName}&identity=${identity}&identity=x`,
    { roomName: "short", identity },
    { roomName: "../../etc/passwd-etc-passwd", identity },
    { roomName: "x".repeat(129), identity },
    { roomName, identity: "x".repeat(129) },
  ];
  for (const params of strange) {
    const { status, body } = await ask(world, world.patient, params);
    assert.deepEqual([status, body.code], [400, "validation"]);
  }
});

Deno.test("S2.12 a clinic without credentials says so word for word, once it is known who asks", async () => {
  await using world = await createWorld();
  world.services.video = openUnconfigured();
  const params = { roomName: "room-that-does-not-exist", identity: "anyone" };
  const { status, body } = await ask(world, world.patient, params);
  assert.equal(status, 500);
  assert.deepEqual(body, {
    error: "Twilio environment variables not configured",
  });
  assert.equal((await ask(world, null, params)).status, 401);
  assert.equal((await ask(world, world.patient, {})).status, 400);
});

Deno.test("S2.13 whoever is not signed in learns nothing, whatever they send", async () => {
  await using world = await createWorld();
  const { roomName, identity } = await running(world);
  for (const params of [{}, { roomName, identity }, "roomName=a&roomName=b"]) {
    const { status, body } = await ask(world, null, params);
    assert.equal(status, 401);
    assert.deepEqual(body, { error: "Unauthorized" });
  }
});

Deno.test("S2.13 the identity has to be one's own: id, or the name one signs in with, however it is typed", async () => {
  await using world = await createWorld();
  const { roomName, identity } = await running(world);
  const own = [identity, "pat.night@test.bedside", "PAT.Night@TEST.bedside"];
  // The same letters, full width.
  own.push("ｐａｔ.night@test.bedside");
  for (const name of own) {
    const { status, body } = await ask(world, world.patient, {
      roomName,
      identity: name,
    });
    assert.equal(status, 200, name);
    assert.equal(claimsOf(body.token).payload.grants.identity, identity);
  }
  const foreign = [
    world.doctor.actor.accountId,
    world.doctor.actor.email,
    "doctor",
    "Pat Night",
    identity.toLowerCase(),
  ];
  for (const name of foreign) {
    const { status, body } = await ask(world, world.patient, {
      roomName,
      identity: name,
    });
    assert.equal(status, 403, name);
    assert.deepEqual(body, {
      error: "identity does not match the signed-in user",
    });
  }
  assert.deepEqual(
    await denials(world),
    Array(foreign.length).fill("identity_mismatch"),
  );
});

Deno.test("S2.13 a room that is not one's own is a room that does not exist, however often one asks", async () => {
  await using world = await createWorld();
  const { roomName, session } = await running(world);
  const unknown = `bedside-${crypto.randomUUID()}`;
  for (const person of [world.otherPatient, world.otherDoctor, world.admin]) {
    for (let n = 0; n < 12; n++) {
      const identity = person.actor.accountId;
      const [foreign, missing] = [
        await ask(world, person, { roomName, identity }),
        await ask(world, person, { roomName: unknown, identity }),
      ];
      assert.equal(foreign.status, 404);
      assert.equal(foreign.body.code, "session_not_found");
      const text = JSON.stringify(foreign.body);
      assert(!text.includes(session.id));
      assert.equal(
        text.replace(roomName, ""),
        JSON.stringify(missing.body).replace(unknown, ""),
      );
    }
  }
});

Deno.test("S2.13 the status counts here as everywhere", async () => {
  await using world = await createWorld();
  const { id, roomName } = await world.plan();
  const tries = async () => {
    const codes: unknown[] = [];
    for (const person of [world.doctor, world.patient]) {
      const { status, body } = await ask(world, person, {
        roomName,
        identity: person.actor.accountId,
      });
      codes.push(status === 200 ? 200 : body.code);
    }
    return codes;
  };
  assert.deepEqual(await tries(), ["not_started", 200]);
  await startSession(world.services, world.doctor, id);
  assert.deepEqual(await tries(), [200, 200]);
  await endSession(world.services, world.doctor, id);
  assert.deepEqual(await tries(), ["session_over", "session_over"]);
});

Deno.test("S2.13 another site gets no token made", async () => {
  await using world = await createWorld();
  const { roomName, identity } = await running(world);
  for (
    const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
    ]
  ) {
    const { status, body } = await ask(
      world,
      world.patient,
      { roomName, identity },
      headers,
    );
    assert.deepEqual([status, body.code], [403, "cross_site"]);
  }
  const typed = { "sec-fetch-site": "none", origin: world.origin };
  const { status } = await ask(
    world,
    world.patient,
    { roomName, identity },
    typed,
  );
  assert.equal(status, 200);
});

Deno.test("one person gets ten tokens a minute for one session, and others theirs meanwhile", async () => {
  await using world = await createWorld();
  const { roomName, identity } = await running(world);
  const params = { roomName, identity };
  for (let n = 0; n < 10; n++) {
    assert.equal((await ask(world, world.patient, params)).status, 200);
  }
  world.pass(20);
  const { status, headers, body } = await ask(world, world.patient, params);
  assert.deepEqual([status, body.code], [429, "rate_limited"]);
  assert.equal(headers.get("retry-after"), "40");
  const doctors = { roomName, identity: world.doctor.actor.accountId };
  assert.equal((await ask(world, world.doctor, doctors)).status, 200);
  world.pass(40);
  assert.equal((await ask(world, world.patient, params)).status, 200);
});

Deno.test("S2.9 S2.14 tokens are made on the server, short-lived and each its own; identities and rooms are unique and say nothing", async () => {
  await using world = await createWorld();
  const { roomName, identity } = await running(world);
  const tokens = await Promise.all(
    [world.doctor, world.patient].map(async (person) => {
      const identity = person.actor.accountId;
      return (await ask(world, person, { roomName, identity })).body.token;
    }),
  );
  assert.notEqual(tokens[0], tokens[1]);
  for (const token of tokens) {
    const { iat, exp } = claimsOf(token).payload;
    assert.equal(exp - iat, 600);
  }
  const uuid =
    /^bedside-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const rooms = new Set<string>();
  for (let n = 0; n < 20; n++) rooms.add((await world.plan()).roomName);
  assert.equal(rooms.size, 20);
  for (const room of rooms) assert.match(room, uuid);
  assert.match(identity, /^[0-9A-Z]{26}$/);
});
