import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { AuditEntry } from "@/lib/audit/entry.ts";
import { listChain } from "@/lib/audit/store.ts";
import { apply, SYSTEM_VOICE } from "@/lib/sessions/event_service.ts";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { isSigned } from "@/lib/video/signature.ts";
import { eventually } from "@/tests/lib/twilio_emulator/harness.ts";
import { assertInvariants } from "../../support/invariants.ts";
import { createWorld, type World } from "../../support/world.ts";

const AUTH_TOKEN = "test_auth_token";

/** A world whose callbacks are signed by a token that the test knows. */
async function createSignedWorld(): Promise<World> {
  const world = await createWorld();
  // The emulator's own are signed by another one.
  world.faults.set({ callbacks: { lose: 1 } });
  world.services.video = {
    ...world.services.video,
    isSigned: (url, params, signature) =>
      isSigned(AUTH_TOKEN, url, params, signature),
  };
  return world;
}

/** Signed by hand, from the vendor's description: the URL, then every name and value in order. */
async function deliver(
  world: World,
  fields: Record<string, string>,
  { tamper = false, authToken = AUTH_TOKEN } = {},
): Promise<number> {
  const data = Object.keys(fields).sort().map((name) => name + fields[name])
    .join("");
  const signature = createHmac("sha1", authToken)
    .update(`${world.origin}/webhooks/twilio/${data}`).digest("base64");
  const response = await world.ask(null, "POST", "/webhooks/twilio/", {
    form: tamper ? { ...fields, ParticipantIdentity: "mallory" } : fields,
    headers: {
      "x-twilio-signature": signature,
      "sec-fetch-site": "cross-site",
    },
  });
  await response.body?.cancel();
  return response.status;
}

/** Sends any body, unsigned. */
function post(world: World, body: string, type: string): Promise<Response> {
  return fetch(`${world.origin}/webhooks/twilio/`, {
    method: "POST",
    headers: { "content-type": type },
    body,
  });
}

async function started(world: World) {
  const { id } = await world.plan();
  const session = await startSession(world.services, world.doctor, id);
  const callback = (
    event: string,
    n: number,
    about: Record<string, string> = {},
  ) => ({
    AccountSid: "AC1",
    RoomSid: session.roomSid!,
    RoomName: session.roomName,
    RoomStatus: "in-progress",
    RoomType: "group",
    StatusCallbackEvent: event,
    Timestamp: `2026-11-21T12:00:0${n}.000Z`,
    SequenceNumber: String(n),
    ...about,
  });
  const patient = { ParticipantIdentity: world.patient.actor.accountId };
  return { session, callback, patient };
}

Deno.test("callbacks tell who came and who went, once each", async () => {
  await using world = await createSignedWorld();
  const { session, callback, patient } = await started(world);
  const joined = callback("participant-connected", 1, {
    ...patient,
    ParticipantSid: "PA1",
  });
  assert.equal(await deliver(world, joined), 204);
  assert.equal(await deliver(world, joined), 204);
  assert.equal(
    (await findSession(world.services.kv, session.id)).presence.patient?.state,
    "connected",
  );
  assert.equal(
    await deliver(
      world,
      callback("participant-disconnected", 2, {
        ...patient,
        ParticipantSid: "PA1",
      }),
    ),
    204,
  );
  // A replay of the first, after the second.
  assert.equal(await deliver(world, joined), 204);
  assert.equal(
    (await findSession(world.services.kv, session.id)).presence.patient?.state,
    "disconnected",
  );
  const actions = (await listHistory(world.services.kv, session.id)).map((
    { action },
  ) => action);
  assert.deepEqual(actions.slice(-2), ["session.join", "session.leave"]);
});

Deno.test("callbacks that are not signed, or changed on the way, are refused", async () => {
  await using world = await createSignedWorld();
  const { callback, patient } = await started(world);
  const fields = callback("participant-connected", 1, {
    ...patient,
    ParticipantSid: "PA1",
  });
  assert.equal(await deliver(world, fields, { tamper: true }), 403);
  const unsigned = await world.ask(null, "POST", "/webhooks/twilio/", {
    form: fields,
  });
  assert.equal(unsigned.status, 403);
  assert.equal((await unsigned.json()).code, "signature_invalid");
});

Deno.test("a callback with a field twice is refused: it is not clear what was signed", async () => {
  await using world = await createSignedWorld();
  const { callback, patient } = await started(world);
  const fields = callback("participant-connected", 1, {
    ...patient,
    ParticipantSid: "PA1",
  });
  const twice = `${new URLSearchParams(fields)}&ParticipantIdentity=mallory`;
  const answer = await post(world, twice, "application/x-www-form-urlencoded");
  assert.equal(answer.status, 403);
  assert.equal((await answer.json()).code, "signature_invalid");
});

Deno.test("what is no callback at all is refused as such", async () => {
  await using world = await createSignedWorld();
  const FORM = "application/x-www-form-urlencoded";
  const statusOf = async (answer: Response) => {
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(
    await statusOf(await post(world, "{}", "application/json")),
    415,
  );
  assert.equal(
    await statusOf(await post(world, "a=".padEnd(70_000, "x"), FORM)),
    413,
  );
  assert.equal(await statusOf(await post(world, "", FORM)), 403);
});

Deno.test("refused callbacks are written down, a few a minute", async () => {
  await using world = await createSignedWorld();
  const { callback } = await started(world);
  for (let i = 0; i < 20; i++) {
    const fields = callback("room-ended", i % 10);
    assert.equal(await deliver(world, fields, { tamper: true }), 403);
  }
  const entries: AuditEntry[] = [];
  for (let shard = 0; shard < 16; shard++) {
    entries.push(...await listChain(world.services.kv, `deny:${shard}`));
  }
  assert.equal(entries.length, 5);
  for (const { action, code, actor } of entries) {
    assert.deepEqual([action, code, actor.role], [
      "access.denied",
      "signature_invalid",
      "anonymous",
    ]);
  }
});

Deno.test("a callback of another account is refused, however well it is signed", async () => {
  await using world = await createWorld();
  const { TWILIO_AUTH_TOKEN, TWILIO_ACCOUNT_SID } = world.services.setup!
    .environment;
  const { callback } = await started(world);
  const fields = callback("room-created", 1);
  const own = { ...fields, AccountSid: TWILIO_ACCOUNT_SID! };
  const by = { authToken: TWILIO_AUTH_TOKEN! };
  assert.equal(await deliver(world, own, by), 204);
  assert.equal(await deliver(world, fields, by), 403);
});

Deno.test("the same told many times at once is heard once", async () => {
  await using world = await createSignedWorld();
  const { session, callback } = await started(world);
  const { services } = world;
  const stranger = callback("participant-connected", 1, {
    ParticipantIdentity: "mallory",
    ParticipantSid: "PA1",
  });
  // Told while the first telling, and even what follows from it, is being written down.
  const { kv } = services;
  const atomic = kv.atomic.bind(kv);
  let waiting = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  kv.atomic = () => {
    const operation = atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = async () => {
      if (++waiting === 1) await promise;
      return await commit();
    };
    return operation;
  };
  const first = deliver(world, stranger);
  await eventually(() => waiting, (n) => n === 1, "the first commit");
  assert.equal(await deliver(world, stranger), 204);
  await apply(
    services,
    session.id,
    SYSTEM_VOICE,
    () => ({ type: "intruder_removed", participantSid: "PA1" }),
  );
  resolve();
  assert.equal(await first, 204);
  const history = await listHistory(kv, session.id);
  const told = history.filter(({ action }) => action === "session.intruder");
  assert.equal(told.length, 1);
  assert.deepEqual((await findSession(kv, session.id)).intruders, []);
});

Deno.test("callbacks that come ten minutes after the end complete who was there, and nothing else", async () => {
  await using world = await createSignedWorld();
  const { session, callback, patient } = await started(world);
  world.pass(8);
  const ended = await endSession(world.services, world.doctor, session.id);
  world.pass(600);
  const about = { ...patient, ParticipantSid: "PA1" };
  for (
    const fields of [
      callback("participant-disconnected", 6, about),
      callback("participant-connected", 2, about),
      callback("room-ended", 8),
    ]
  ) assert.equal(await deliver(world, fields), 204);
  const after = await findSession(world.services.kv, session.id);
  assert.deepEqual(after.attendance.patient, [{
    participantSid: "PA1",
    joinedAt: "2026-11-21T12:00:02.000Z",
    leftAt: "2026-11-21T12:00:06.000Z",
  }]);
  const { attendance: _, rev, auditSeq, auditHash, ...rest } = after;
  assert.deepEqual({ ...ended, ...rest }, ended);
  assert.equal(rev, auditSeq);
  assert.match(auditHash, /^[0-9a-f]{64}$/);
  await assertInvariants(world.services.kv);
});

Deno.test("a callback of the last moment is not taken for one after the end, however its time is written", async () => {
  await using world = await createSignedWorld();
  const { session, callback, patient } = await started(world);
  world.pass(3.5);
  await endSession(world.services, world.doctor, session.id);
  for (
    const Timestamp of ["2026-11-21T12:00:03Z", "2026-11-21T13:00:03+01:00"]
  ) {
    const fields = callback("participant-connected", 1, {
      ...patient,
      ParticipantSid: "PA1",
      Timestamp,
    });
    assert.equal(await deliver(world, fields), 204);
  }
  const { close } = await findSession(world.services.kv, session.id);
  assert.equal(close, "DONE");
});

Deno.test("room-ended is believed only when the video service confirms it", async () => {
  await using world = await createSignedWorld();
  const { session, callback } = await started(world);
  assert.equal(await deliver(world, callback("room-ended", 1)), 204);
  assert.equal(
    (await findSession(world.services.kv, session.id)).status,
    "IN_PROGRESS",
  );
  await world.services.video.closeRoom(session.roomSid!);
  assert.equal(await deliver(world, callback("room-ended", 2)), 204);
  const ended = await findSession(world.services.kv, session.id);
  assert.equal(ended.status, "COMPLETED");
});

Deno.test("room-ended after the doctor's end changes nothing", async () => {
  await using world = await createSignedWorld();
  const { session, callback } = await started(world);
  const ended = await endSession(world.services, world.doctor, session.id);
  assert.equal(await deliver(world, callback("room-ended", 1)), 204);
  assert.deepEqual(await findSession(world.services.kv, session.id), ended);
});

Deno.test("callbacks of unknown rooms change nothing", async () => {
  await using world = await createSignedWorld();
  const { session, callback } = await started(world);
  const before = await findSession(world.services.kv, session.id);
  assert.equal(
    await deliver(world, { ...callback("room-ended", 2), RoomName: "other" }),
    204,
  );
  assert.deepEqual(await findSession(world.services.kv, session.id), before);
});
