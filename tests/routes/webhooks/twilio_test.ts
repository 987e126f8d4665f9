import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { endSession, startSession } from "@/lib/sessions/service.ts";
import { findSession, listHistory } from "@/lib/sessions/store.ts";
import { isSigned } from "@/lib/video/signature.ts";
import { createWorld, type World } from "../../support/world.ts";

const AUTH_TOKEN = "test_auth_token";

/** A world whose callbacks are signed by a token that the test knows. */
async function createSignedWorld(): Promise<World> {
  const world = await createWorld();
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
  { tamper = false } = {},
): Promise<number> {
  const data = Object.keys(fields).sort().map((name) => name + fields[name])
    .join("");
  const signature = createHmac("sha1", AUTH_TOKEN)
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
