import assert from "node:assert/strict";
import type { AppError } from "@/lib/errors.ts";
import {
  eventually,
  serveEmulator,
} from "@/tests/lib/twilio_emulator/harness.ts";
import { Socket } from "@/tests/lib/twilio_emulator/socket.ts";
import { providerOf } from "./clinic_service.ts";

const SEEN = { voiceOnly: false };

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail("it was not refused"),
    ({ code, retryAfterSeconds }: AppError) => ({ code, retryAfterSeconds }),
  );

Deno.test("rooms: one is opened once, found by sid and name, and closed once", async () => {
  await using served = serveEmulator();
  const video = providerOf(served);
  const room = await video.openRoom("visit-1", SEEN);
  assert.deepEqual(await video.openRoom("visit-1", SEEN), room);
  assert.match(room.sid, /^RM/);
  assert.ok(Math.abs(Date.parse(room.createdAt) - Date.now()) < 10_000);
  assert.deepEqual(await video.fetchRoom(room.sid), room);
  assert.deepEqual(await video.fetchRoom("visit-1"), room);
  await video.closeRoom("visit-1");
  await video.closeRoom(room.sid);
  await video.closeRoom("visit-1");
  assert.equal((await video.fetchRoom(room.sid))?.status, "completed");
  assert.equal(await video.fetchRoom("visit-1"), null);
});

Deno.test("A9 rooms: nothing is recorded until somebody says so, whatever the account's default", async () => {
  await using served = serveEmulator();
  const video = providerOf(served);
  const { sid } = await video.openRoom("quiet", { voiceOnly: true });
  const room = await served.client.video.v1.rooms(sid).fetch();
  assert.equal(room.recordParticipantsOnConnect, false);
  assert.equal(room.audioOnly, true);
});

Deno.test("rooms: an installation lists every open room, on every page, and knows its own by their callbacks", async () => {
  await using served = serveEmulator();
  const video = providerOf(served);
  const ours = new Set<string>();
  for (let i = 0; i < 205; i++) {
    ours.add((await video.openRoom(`visit-${i}`, SEEN)).sid);
  }
  await providerOf(served, "http://127.0.0.1:9/elsewhere/").openRoom("x", SEEN);
  const silent = providerOf(served, null);
  await silent.openRoom("y", SEEN);
  const [closed] = ours;
  await video.closeRoom(closed!);
  ours.delete(closed!);
  const listed = await video.listOpenRooms();
  assert.equal(listed.length, 206);
  const own = listed.filter(({ isOurs }) => isOurs).map(({ sid }) => sid);
  assert.deepEqual(new Set(own), ours);
  // Without callbacks there is nothing to tell its own by.
  assert(!(await silent.listOpenRooms()).some(({ isOurs }) => isOurs));
});

Deno.test("rooms: who is in, and who is put out", async () => {
  await using served = serveEmulator();
  const video = providerOf(served);
  const { sid } = await video.openRoom("visit-1", SEEN);
  assert.deepEqual(await video.listParticipants(sid, "connected"), []);
  const { socket, connected } = await Socket.join(served, "alice", "visit-1");
  await using _alice = socket;
  await using _bob = (await Socket.join(served, "bob", "visit-1")).socket;
  const { participant } = connected;
  assert.deepEqual(
    (await video.listParticipants(sid, "connected")).map(({ identity }) =>
      identity
    ).sort(),
    ["alice", "bob"],
  );
  await video.removeParticipant(sid, participant.sid);
  await video.removeParticipant(sid, participant.sid);
  await video.removeParticipant(sid, `PA${"0".repeat(32)}`);
  assert.deepEqual(
    (await video.listParticipants(sid, "connected")).map(({ identity }) =>
      identity
    ),
    ["bob"],
  );
  const everybody = async () =>
    (await video.listParticipants(sid, "everybody"))
      .map(({ identity }) => identity).sort();
  assert.deepEqual(await everybody(), ["alice", "bob"]);
  await video.closeRoom(sid);
  await eventually(
    () => video.listParticipants(sid, "connected"),
    (left) => left.length === 0,
    "an empty list of a room that is over",
  );
  assert.deepEqual(await everybody(), ["alice", "bob"]);
  await video.removeParticipant(sid, participant.sid);
});

Deno.test("faults: the service says when to try again, or that it is no use", async () => {
  await using served = serveEmulator();
  const video = providerOf(served);
  const { faults } = served.emulator;
  const fail = (status: number, more: Record<string, unknown> = {}) =>
    faults.set({ rest: [{ kind: "error", status, ...more }] });

  fail(429, { code: 20429, retryAfterSeconds: 17 });
  assert.deepEqual(await refusal(video.openRoom("a", SEEN)), {
    code: "video_unavailable",
    retryAfterSeconds: 17,
  });
  assert.deepEqual(await refusal(video.listOpenRooms()), {
    code: "video_unavailable",
    retryAfterSeconds: 17,
  });
  fail(502, { code: null });
  assert.deepEqual(await refusal(video.fetchRoom("a")), {
    code: "video_unavailable",
    retryAfterSeconds: 5,
  });
  fail(403, { code: 20005 });
  assert.deepEqual(await refusal(video.listParticipants("a", "connected")), {
    code: "video_rejected",
    retryAfterSeconds: undefined,
  });
  // A page of somebody else's, which is no answer of Twilio's.
  fail(404, { code: null });
  assert.deepEqual(await refusal(video.fetchRoom("a")), {
    code: "video_rejected",
    retryAfterSeconds: undefined,
  });
  faults.set({ rest: [{ kind: "truncate" }] });
  assert.deepEqual(await refusal(video.openRoom("b", SEEN)), {
    code: "video_unavailable",
    retryAfterSeconds: 5,
  });
  faults.clear();
  assert.equal((await video.openRoom("b", SEEN)).name, "b");
});
