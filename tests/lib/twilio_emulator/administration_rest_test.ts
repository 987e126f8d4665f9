/** Transcriptions, anonymizing, storage settings and composition hooks, by the vendor's client. */
import assert from "node:assert/strict";
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  restClient,
  SANITIZED,
  serveEmulator,
} from "./harness.ts";
import { refused, withoutDates } from "./rest.ts";
import { Socket } from "./socket.ts";

Deno.test("REST: the transcription of a room", SANITIZED, async () => {
  await using served = serveEmulator();
  const { rooms } = served.client.video.v1;
  const room = await rooms.create();
  const { transcriptions } = rooms(room.sid);
  assert.deepEqual(await transcriptions.list(), []);
  const created = await transcriptions.create({
    configuration: { languageCode: "en-GB", partialResults: true },
  });
  assert.match(created.ttid, /^video_extension_[0-9a-f-]{36}$/);
  const { dateCreated, ...rest } = created.toJSON();
  assert.ok(dateCreated instanceof Date);
  assert.deepEqual(rest, {
    ttid: created.ttid,
    accountSid: ACCOUNT.accountSid,
    roomSid: room.sid,
    sourceSid: null,
    status: "started",
    dateUpdated: null,
    startTime: null,
    endTime: null,
    duration: null,
    // Every value is answered as text.
    configuration: { languageCode: "en-GB", partialResults: "true" },
    url: `${room.url}/Transcriptions/${created.ttid}`,
  });
  await refused(transcriptions.create(), 409, 20409);

  const one = transcriptions(created.ttid);
  const same = await one.update({ status: "started" });
  assert.equal(same.dateUpdated, null);
  const stopped = await one.update({ status: "stopped" });
  assert.equal(stopped.status, "stopped");
  assert.equal(stopped.duration, 0);
  assert.ok(stopped.endTime instanceof Date);
  const again = await one.update({
    status: "started",
    configuration: { partialResults: false },
  });
  assert.equal(again.status, "started");
  assert.equal(again.endTime, null);
  assert.deepEqual(again.configuration, {
    languageCode: "en-GB",
    partialResults: "false",
  });
  await refused(one.update({ status: "failed" }), 400, 20001);
  await refused(
    one.update({ configuration: { speechModel: "nova-3" } }),
    400,
    20001,
  );
  await refused(transcriptions("other").fetch(), 404, 20404);

  await rooms(room.sid).update({ status: "completed" });
  const listed = await transcriptions.list();
  assert.deepEqual(listed.map(({ status }) => status), ["stopped"]);
  assert.equal((await one.fetch()).status, "stopped");
  await refused(one.update({ status: "started" }), 400, 53118);
});

Deno.test(
  "REST: a room that is transcribed from the start",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { rooms } = served.client.video.v1;
    const { sid } = await rooms.create({
      transcribeParticipantsOnConnect: true,
    });
    const [transcription] = await rooms(sid).transcriptions.list();
    assert.equal(transcription?.status, "started");
    assert.deepEqual(transcription?.configuration, {});
  },
);

/** A configuration, and whether it makes sense. */
const CONFIGURATIONS: readonly [Record<string, unknown>, boolean][] = [
  [{}, true],
  [{ transcriptionEngine: "deepgram" }, true],
  [{ transcriptionEngine: "deepgram", speechModel: "nova-2" }, true],
  [{ transcriptionEngine: "deepgram", speechModel: "telephony" }, false],
  [{ transcriptionEngine: "other" }, false],
  [{ speechModel: "medical_conversation" }, true],
  [{
    speechModel: "medical_conversation",
    enableAutomaticPunctuation: false,
  }, false],
  [{ languageCode: "multi" }, false],
  [{
    transcriptionEngine: "deepgram",
    speechModel: "nova-3",
    languageCode: "multi",
  }, true],
  [{ languageCode: "not a language" }, false],
  [{ partialResults: "maybe" }, false],
  [{ hints: "aspirin,ibuprofen" }, true],
  [{ hints: "x".repeat(101) }, false],
  [{ hints: Array(501).fill("x").join() }, false],
  [{ somethingNew: "value" }, true],
];

Deno.test("REST: configurations of a transcription", SANITIZED, async () => {
  await using served = serveEmulator();
  const { rooms } = served.client.video.v1;
  for (const [configuration, isValid] of CONFIGURATIONS) {
    const { sid } = await rooms.create();
    const created = rooms(sid).transcriptions.create({ configuration });
    if (isValid) await created;
    else await refused(created, 400, 20001);
  }
});

Deno.test(
  "REST: a participant who has left is anonymized",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { rooms } = served.client.video.v1;
    const room = await rooms.create({ uniqueName: "the room" });
    const alice = await Socket.join(served, "alice");
    await using _alice = alice.socket;
    const { sid } = alice.connected.participant;
    const { participants } = rooms(room.sid);
    await refused(participants("alice").anonymize().update(), 400, 20001);
    await participants("alice").update({ status: "disconnected" });

    const anonymized = await participants("alice").anonymize().update();
    assert.equal(anonymized.identity, sid);
    assert.equal(anonymized.status, "disconnected");
    assert.equal(anonymized.url, `${room.url}/Participants/${sid}/Anonymize`);
    await refused(participants("alice").fetch(), 404, 20404);
    assert.equal((await participants(sid).fetch()).identity, sid);
  },
);

for (const resource of ["recordingSettings", "compositionSettings"] as const) {
  Deno.test(`REST: ${resource}`, SANITIZED, async () => {
    await using served = serveEmulator();
    const settings = served.client.video.v1[resource]();
    const path = resource === "recordingSettings"
      ? "RecordingSettings"
      : "CompositionSettings";
    const defaults = {
      accountSid: ACCOUNT.accountSid,
      friendlyName: null,
      awsCredentialsSid: null,
      awsS3Url: null,
      awsStorageEnabled: false,
      encryptionKeySid: null,
      encryptionEnabled: false,
      url: `${served.baseUrl}/v1/${path}/Default`,
    };
    assert.deepEqual((await settings.fetch()).toJSON(), defaults);
    const credentials = "CR0123456789abcdef0123456789abcdef";
    await settings.create({
      friendlyName: "in a bucket",
      awsCredentialsSid: credentials,
      awsS3Url: "https://my-bucket.s3.amazonaws.com/recordings",
      awsStorageEnabled: true,
    });
    const stored = await settings.fetch();
    assert.equal(stored.awsCredentialsSid, credentials);
    assert.equal(stored.awsStorageEnabled, true);
    // What is left out goes back to its default.
    await settings.create({ friendlyName: "here" });
    assert.deepEqual((await settings.fetch()).toJSON(), {
      ...defaults,
      friendlyName: "here",
    });
    for (
      const wrong of [
        { awsCredentialsSid: "AC0123456789abcdef0123456789abcdef" },
        { awsS3Url: "https://example.com/" },
        { awsStorageEnabled: true },
        { encryptionEnabled: true },
      ]
    ) {
      const friendlyName = "wrong";
      await refused(settings.create({ friendlyName, ...wrong }), 400, 20001);
    }
    assert.equal((await settings.fetch()).friendlyName, "here");
    const other = restClient(
      served.baseUrl,
      OTHER_ACCOUNT.accountSid,
      OTHER_ACCOUNT.authToken,
    );
    assert.equal((await other.video.v1[resource]().fetch()).friendlyName, null);
  });
}

Deno.test("REST: composition hooks", SANITIZED, async () => {
  await using served = serveEmulator();
  const hooks = served.client.video.v1.compositionHooks;
  const created = await hooks.create({
    friendlyName: "My hook",
    audioSources: ["user*", "PA*"],
    audioSourcesExcluded: ["user-test"],
    videoLayout: { grid: { video_sources: ["*"], max_rows: 2 } },
    resolution: "1280x720",
    format: "mp4",
    trim: false,
    statusCallback: "https://example.com/hook",
    statusCallbackMethod: "GET",
  });
  assert.match(created.sid, /^HK[0-9a-f]{32}$/);
  assert.equal(created.dateUpdated, null);
  assert.deepEqual(
    withoutDates(
      await hooks(created.sid).update({
        friendlyName: "My hook",
        audioSources: ["*"],
      }),
    ),
    {
      accountSid: ACCOUNT.accountSid,
      friendlyName: "My hook",
      enabled: true,
      sid: created.sid,
      audioSources: ["*"],
      audioSourcesExcluded: [],
      videoLayout: {},
      resolution: "640x480",
      trim: true,
      format: "webm",
      statusCallback: null,
      statusCallbackMethod: "POST",
      url: `${served.baseUrl}/v1/CompositionHooks/${created.sid}`,
    },
  );
  assert.deepEqual(created.videoLayout, {
    grid: {
      video_sources: ["*"],
      video_sources_excluded: [],
      reuse: "show_oldest",
      x_pos: 0,
      y_pos: 0,
      z_pos: 0,
      width: 0,
      height: 0,
      max_columns: 0,
      max_rows: 2,
      cells_excluded: [],
    },
  });
  const off = await hooks.create({
    friendlyName: "Another",
    enabled: false,
    audioSources: ["*"],
  });
  const names = async (options: Parameters<typeof hooks.list>[0]) =>
    (await hooks.list(options)).map(({ friendlyName }) => friendlyName);
  assert.deepEqual(await names({}), ["Another", "My hook"]);
  assert.deepEqual(await names({ pageSize: 1 }), ["Another", "My hook"]);
  assert.deepEqual(await names({ enabled: true }), ["My hook"]);
  assert.deepEqual(await names({ friendlyName: "my*" }), ["My hook"]);
  assert.deepEqual(await names({ friendlyName: "my" }), []);
  assert.equal(await hooks(off.sid).remove(), true);
  await refused(hooks(off.sid).fetch(), 404, 20404);
  assert.deepEqual(await names({}), ["My hook"]);
});

/** Parameters of a hook that are wrong. */
const BAD_HOOKS: readonly [what: string, parameters: object, code: number][] = [
  ["no source", { audioSources: [] }, 20001],
  ["a long name", { friendlyName: "x".repeat(101) }, 20001],
  ["a taken name", { friendlyName: "taken" }, 20001],
  ["too large", { resolution: "1280x1280" }, 20001],
  ["too small", { resolution: "15x480" }, 20001],
  ["no size", { resolution: "large" }, 20001],
  ["no format", { format: "avi" }, 20001],
  ["no URL", { statusCallback: "nowhere" }, 53111],
  ["no method", { statusCallbackMethod: "PUT" }, 53110],
  ["no sources of a region", { videoLayout: { a: {} } }, 20001],
  ["a region outside", {
    videoLayout: { a: { video_sources: ["*"], x_pos: 600, width: 100 } },
  }, 20001],
  ["a wildcard in the middle", {
    videoLayout: { a: { video_sources: ["us*er"] } },
  }, 20001],
  ["an unknown key", {
    videoLayout: { a: { video_sources: ["*"], depth: 1 } },
  }, 20001],
];

Deno.test("REST: composition hooks that make no sense", SANITIZED, async () => {
  await using served = serveEmulator();
  const hooks = served.client.video.v1.compositionHooks;
  await hooks.create({ friendlyName: "taken", audioSources: ["*"] });
  for (const [what, parameters, code] of BAD_HOOKS) {
    const given = { friendlyName: what, audioSources: ["*"], ...parameters };
    await refused(hooks.create(given), 400, code);
  }
  assert.equal((await hooks.list()).length, 1);
});

Deno.test(
  "REST: requests per second, rooms and participants have quotas",
  SANITIZED,
  async () => {
    let seconds = 0;
    await using served = serveEmulator({
      now: () => new Date(1_800_000_000_000 + seconds * 1000),
      quotas: { rooms: 2, readsPerSecond: 3, writesPerSecond: 4 },
    });
    const { rooms } = served.client.video.v1;
    await rooms.create();
    const { sid } = await rooms.create();
    await refused(rooms.create(), 429, 53119);
    await rooms(sid).update({ status: "completed" });
    await refused(rooms.create(), 429, 20429);
    for (let count = 0; count < 3; count++) await rooms(sid).fetch();
    await refused(rooms(sid).fetch(), 429, 20429);
    seconds++;
    await rooms(sid).fetch();
    await rooms.create();
  },
);

Deno.test(
  "REST: the account itself, by its auth token only",
  SANITIZED,
  async () => {
    await using served = serveEmulator();
    const { client, baseUrl } = served;
    client.api.baseUrl = baseUrl;
    const account = await client.api.v2010.accounts(ACCOUNT.accountSid).fetch();
    assert.equal(account.sid, ACCOUNT.accountSid);
    assert.equal(account.status, "active");
    await refused(
      client.api.v2010.accounts(OTHER_ACCOUNT.accountSid).fetch(),
      404,
      20404,
    );
    const [{ sid, secret } = assert.fail()] = ACCOUNT.apiKeys;
    const byKey = restClient(baseUrl, sid, secret);
    byKey.api.baseUrl = baseUrl;
    await refused(
      byKey.api.v2010.accounts(ACCOUNT.accountSid).fetch(),
      401,
      20003,
    );
  },
);

Deno.test("REST: a suspended account", SANITIZED, async () => {
  await using served = serveEmulator({
    accounts: [{ ...ACCOUNT, suspended: true }],
  });
  await refused(served.client.video.v1.rooms.list(), 403, 20005);
});
