/** Contract of the REST API: the vendor's own client must accept every answer. */
import assert from "node:assert/strict";
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  restClient,
  SANITIZED,
  serveEmulator,
} from "./harness.ts";
import { basic, refused } from "./rest.ts";

Deno.test("REST: a room with every default", SANITIZED, async () => {
  await using served = serveEmulator();
  const { video } = served.client;
  const room = await video.v1.rooms.create({ uniqueName: "DailyStandup" });
  assert.match(room.sid, /^RM[0-9a-f]{32}$/);
  const url = `${served.baseUrl}/v1/Rooms/${room.sid}`;
  const { dateCreated, dateUpdated, sid: _sid, ...rest } = room.toJSON();
  assert.ok(dateCreated instanceof Date && dateUpdated instanceof Date);
  assert.deepEqual(rest, {
    status: "in-progress",
    accountSid: ACCOUNT.accountSid,
    enableTurn: true,
    uniqueName: "DailyStandup",
    statusCallback: null,
    statusCallbackMethod: "POST",
    endTime: null,
    duration: null,
    type: "group",
    maxParticipants: 50,
    maxParticipantDuration: 14400,
    maxConcurrentPublishedTracks: 170,
    recordParticipantsOnConnect: false,
    videoCodecs: ["VP8", "H264"],
    mediaRegion: "us1",
    audioOnly: false,
    emptyRoomTimeout: 5,
    unusedRoomTimeout: 5,
    largeRoom: false,
    url,
    links: {
      participants: `${url}/Participants`,
      recordings: `${url}/Recordings`,
      recording_rules: `${url}/RecordingRules`,
      transcriptions: `${url}/Transcriptions`,
    },
  });
});

Deno.test("REST: a room with every option", SANITIZED, async () => {
  await using served = serveEmulator();
  const room = await served.client.video.v1.rooms.create({
    uniqueName: "größe 日本",
    type: "group",
    maxParticipants: 2,
    emptyRoomTimeout: 1,
    unusedRoomTimeout: 60,
    maxParticipantDuration: 600,
    audioOnly: true,
    statusCallback: "https://example.com/hook?a=1",
    statusCallbackMethod: "GET",
    recordParticipantsOnConnect: true,
    recordingRules: [{ type: "include", all: true }],
    mediaRegion: "gll",
    largeRoom: false,
    enableTurn: false,
  });
  assert.equal(room.uniqueName, "größe 日本");
  assert.equal(room.maxParticipants, 2);
  assert.equal(room.emptyRoomTimeout, 1);
  assert.equal(room.unusedRoomTimeout, 60);
  assert.equal(room.maxParticipantDuration, 600);
  assert.equal(room.audioOnly, true);
  assert.deepEqual(room.videoCodecs, []);
  assert.equal(room.statusCallback, "https://example.com/hook?a=1");
  assert.equal(room.statusCallbackMethod, "GET");
  assert.equal(room.recordParticipantsOnConnect, true);
  assert.equal(room.mediaRegion, "us1");
  const again = await served.client.video.v1.rooms("größe 日本").fetch();
  assert.equal(again.sid, room.sid);
});

const BAD_PARAMETERS: [string, string, number][] = [
  ["UniqueName", "x".repeat(129), 53101],
  ["UniqueName", "RM0123456789abcdef0123456789abcdef", 53100],
  ["Type", "huge", 53108],
  ["Type", "peer-to-peer", 53126],
  ["MaxParticipants", "0", 53107],
  ["MaxParticipants", "51", 53107],
  ["MaxParticipants", "two", 53107],
  ["EmptyRoomTimeout", "0", 53109],
  ["UnusedRoomTimeout", "61", 53109],
  ["MaxParticipantDuration", "599", 53123],
  ["MaxParticipantDuration", "86401", 53123],
  ["AudioOnly", "maybe", 20001],
  ["StatusCallback", "ftp://example.com/", 53111],
  ["StatusCallback", `https://example.com/${"x".repeat(1024)}`, 53111],
  ["StatusCallbackMethod", "PUT", 53110],
  ["RecordingRules", "[]", 53120],
  ["RecordingRules", '[{"type":"include"}]', 53120],
  ["RecordingRules", '[{"type":"include","all":true,"kind":"audio"}]', 53120],
  ["VideoCodecs", "AV1", 20001],
  ["MediaRegion", "mars1", 53115],
  ["MaxPublishedTracks", "-1", 53207],
  ["TranscriptionsConfiguration", "[]", 20001],
];

Deno.test("REST: bad room parameters", SANITIZED, async () => {
  await using served = serveEmulator();
  const authorization = basic(ACCOUNT.accountSid, ACCOUNT.authToken);
  for (const [name, value, code] of BAD_PARAMETERS) {
    const response = await fetch(`${served.baseUrl}/v1/Rooms`, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams({ [name]: value }),
    });
    const body = await response.json();
    assert.deepEqual(
      [name, value.slice(0, 40), response.status, body.code],
      [name, value.slice(0, 40), 400, code],
    );
    assert.deepEqual(
      Object.keys(body).sort(),
      ["code", "message", "more_info", "status"],
    );
  }
  // Bytes that are not UTF-8.
  const response = await fetch(`${served.baseUrl}/v1/Rooms`, {
    method: "POST",
    headers: {
      authorization,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "UniqueName=%FF",
  });
  assert.equal((await response.json()).code, 53102);
});

Deno.test(
  "REST: names are unique among rooms in progress",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { rooms } = served.client.video.v1;
    const first = await rooms.create({ uniqueName: "one" });
    await refused(rooms.create({ uniqueName: "one" }), 400, 53113);

    const ended = await rooms("one").update({ status: "completed" });
    assert.equal(ended.status, "completed");
    assert.ok(ended.endTime instanceof Date);
    assert.equal(ended.duration, 0);
    await refused(rooms("one").fetch(), 404, 20404);
    assert.equal((await rooms(first.sid).fetch()).status, "completed");
    await refused(
      rooms(first.sid).update({ status: "completed" }),
      400,
      53112,
    );

    const second = await rooms.create({ uniqueName: "one" });
    assert.notEqual(second.sid, first.sid);
    await refused(
      rooms(second.sid).update({ status: "in-progress" }),
      400,
      53112,
    );
  },
);

Deno.test("REST: status codes by verb", SANITIZED, async () => {
  await using served = serveEmulator();
  const authorization = basic(ACCOUNT.accountSid, ACCOUNT.authToken);
  const call = async (method: string, path: string, form?: string) => {
    const response = await fetch(`${served.baseUrl}/v1${path}`, {
      method,
      headers: { authorization },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await call("POST", "/Rooms", "UniqueName=a"), 201);
  assert.equal(await call("GET", "/Rooms/a"), 200);
  assert.equal(await call("GET", "/Rooms/a/"), 200);
  assert.equal(await call("GET", "/Rooms/a/Participants/"), 200);
  assert.equal(await call("GET", "/rooms/a"), 404);
  assert.equal(await call("DELETE", "/Rooms/a"), 405);
  assert.equal(await call("PUT", "/Rooms"), 405);
  assert.equal(await call("POST", "/Rooms/a/Participants"), 405);
  assert.equal(await call("POST", "/Rooms/a", "Status=completed"), 202);
  assert.equal(await call("GET", "/Rooms/a%FF"), 404);
  assert.equal(
    await call("POST", "/Rooms", `UniqueName=${"x".repeat(70_000)}`),
    400,
  );
});

Deno.test("REST: lists, filters and pages", SANITIZED, async () => {
  await using served = serveEmulator();
  const { rooms } = served.client.video.v1;
  const sids: string[] = [];
  for (let index = 0; index < 7; index++) {
    sids.unshift((await rooms.create({ uniqueName: `room ${index}` })).sid);
  }
  const listed = async (options: Parameters<typeof rooms.list>[0]) =>
    (await rooms.list(options)).map(({ sid }) => sid);
  assert.deepEqual(await listed({}), sids);
  assert.deepEqual(await listed({ pageSize: 3 }), sids);
  assert.deepEqual(await listed({ limit: 2 }), sids.slice(0, 2));
  assert.deepEqual(await listed({ limit: 5000 }), sids);
  assert.deepEqual(await listed({ uniqueName: "room 2" }), [sids[4]]);
  assert.deepEqual(await listed({ status: "completed" }), []);
  const tomorrow = new Date(Date.now() + 86_400_000);
  assert.deepEqual(await listed({ dateCreatedAfter: tomorrow }), []);
  assert.deepEqual(await listed({ dateCreatedBefore: tomorrow }), sids);

  // A room that ends between two pages neither repeats nor hides another.
  const first = await rooms.page({ pageSize: 3 });
  await rooms(sids[2]!).update({ status: "completed" });
  const second = await first.nextPage();
  assert.deepEqual(
    second!.instances.map(({ sid }) => sid),
    sids.slice(3, 6),
  );
  const back = await second!.previousPage();
  assert.deepEqual(
    back!.instances.map(({ sid }) => sid),
    sids.slice(0, 2),
  );
  assert.equal((await second!.nextPage())!.instances.length, 1);
  await refused(rooms.page({ pageToken: "nonsense" }), 400, 21481);
  await refused(
    rooms.list({ status: "nonsense" as "completed" }),
    400,
    20001,
  );
});

Deno.test("REST: who may call", SANITIZED, async () => {
  await using served = serveEmulator();
  const room = await served.client.video.v1.rooms.create();
  assert.equal(room.uniqueName, room.sid);

  const [key] = ACCOUNT.apiKeys;
  const withKey = restClient(served.baseUrl, key!.sid, key!.secret);
  assert.equal((await withKey.video.v1.rooms(room.sid).fetch()).sid, room.sid);

  const wrong = restClient(served.baseUrl, ACCOUNT.accountSid, "wrong");
  await refused(wrong.video.v1.rooms(room.sid).fetch(), 401, 20003);
  const none = await fetch(`${served.baseUrl}/v1/Rooms`);
  assert.equal(none.status, 401);
  assert.equal(
    none.headers.get("www-authenticate"),
    'Basic realm="Twilio API"',
  );
  assert.deepEqual(await none.json(), {
    code: 20003,
    message: "Authenticate",
    more_info: "https://www.twilio.com/docs/errors/20003",
    status: 401,
  });

  const other = restClient(
    served.baseUrl,
    OTHER_ACCOUNT.accountSid,
    OTHER_ACCOUNT.authToken,
  );
  await refused(other.video.v1.rooms(room.sid).fetch(), 404, 20404);
  assert.deepEqual(await other.video.v1.rooms.list(), []);
});

Deno.test("REST: participants of an empty room", SANITIZED, async () => {
  await using served = serveEmulator();
  const { rooms } = served.client.video.v1;
  const room = await rooms.create();
  assert.deepEqual(await rooms(room.sid).participants.list(), []);
  await refused(
    rooms(room.sid).participants("nobody").fetch(),
    404,
    20404,
  );
  await refused(rooms("nowhere").participants.list(), 404, 20404);
});

Deno.test(
  "REST: completed rooms are kept up to a limit",
  SANITIZED,
  async () => {
    await using served = serveEmulator({ maxCompletedRooms: 2 });
    const { rooms } = served.client.video.v1;
    const sids: string[] = [];
    for (let index = 0; index < 4; index++) {
      const { sid } = await rooms.create();
      await rooms(sid).update({ status: "completed" });
      sids.unshift(sid);
    }
    const kept = await rooms.list({ status: "completed" });
    assert.deepEqual(kept.map(({ sid }) => sid), sids.slice(0, 2));
  },
);
