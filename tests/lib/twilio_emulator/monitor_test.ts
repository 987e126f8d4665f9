/** The live page: what it is told, and what it is never told. */
import { redact } from "@/lib/twilio_emulator/monitor/redact.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { ACCOUNT, eventually, SANITIZED, serveEmulator } from "./harness.ts";
import { serveReceiver } from "./hook_server.ts";
import { Socket } from "./socket.ts";

interface Everything {
  rooms: {
    name: string;
    status: string;
    recording: boolean;
    participants: {
      identity: string;
      status: string;
      tracks: { name: string; enabled: boolean }[];
      subscribed: number;
    }[];
  }[];
  callbacks: { event: string; outcome: number; url: string; text: string }[];
  messages: { type: string; direction: string; identity: string | null }[];
}

/** What a page that opens now is told, and the text it came in. */
async function everything(
  baseUrl: string,
): Promise<{ text: string; data: Everything }> {
  const response = await fetch(`${baseUrl}/monitor/events`);
  const reader = response.body!.pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  while (!text.includes("\n\n")) text += (await reader.read()).value ?? "";
  await reader.cancel();
  return { text, data: JSON.parse(text.match(/^data: (.*)$/m)![1]!) };
}

Deno.test("monitor: off unless asked for", SANITIZED, async () => {
  await using served = serveEmulator();
  for (const path of ["/", "/monitor/events"]) {
    const response = await fetch(`${served.baseUrl}${path}`);
    assert.equal(response.status, 404);
    await response.body?.cancel();
  }
});

Deno.test(
  "monitor: rooms, tracks, callbacks and messages, no secrets",
  SANITIZED,
  async () => {
    await using receiver = serveReceiver();
    await using served = serveEmulator({ monitor: true });
    await served.client.video.v1.rooms.create({
      uniqueName: "the room",
      statusCallback: receiver.url,
      recordParticipantsOnConnect: true,
    });
    const alice = await Socket.join(served, "alice", "the room", [
      { id: "a1", kind: "audio", name: "microphone", enabled: false },
    ]);
    await using _alice = alice.socket;
    const bob = await Socket.join(served, "bob");
    await using _bob = bob.socket;
    await served.emulator.callbacksSent();

    const { text, data } = await everything(served.baseUrl);
    const [room] = data.rooms;
    assert.equal(room?.name, "the room");
    assert.equal(room?.recording, true);
    assert.deepEqual(
      room?.participants.map(({ identity, status, tracks, subscribed }) => [
        identity,
        status,
        tracks.map(({ name, enabled }) => [name, enabled]),
        subscribed,
      ]),
      [
        ["bob", "connected", [], 1],
        ["alice", "connected", [["microphone", false]], 0],
      ],
    );
    const created = data.callbacks.find(({ event }) =>
      event === "room-created"
    );
    assert.equal(created?.outcome, 204);
    // The query of an address may hold secrets.
    assert.ok(created?.url.endsWith("/hook"));
    const types = data.messages.map(({ direction, type }) =>
      `${direction} ${type}`
    );
    assert.deepEqual(
      types.slice(0, 3),
      [
        "in connect",
        "out welcome",
        "out connected",
      ],
    );
    assert.ok(!types.includes("out heartbeat"));
    for (
      const secret of [
        alice.connected.session,
        ACCOUNT.authToken,
        ACCOUNT.apiKeys[0]!.secret,
        "eyJ",
      ]
    ) {
      assert.ok(!text.includes(secret), `it shows ${secret}`);
    }
  },
);

Deno.test("monitor: what is kept is bounded", SANITIZED, async () => {
  await using served = serveEmulator({
    monitor: true,
    clientSideRoomCreation: true,
  });
  const alice = await Socket.join(served, "alice");
  await using _alice = alice.socket;
  for (let count = 0; count < 300; count++) {
    alice.socket.say({
      type: "update",
      version: 2,
      session: alice.connected.session,
      participant: { revision: 2 + count, tracks: [] },
    });
  }
  const { data } = await eventually(
    () => everything(served.baseUrl),
    ({ data }) => data.messages.length >= 200,
    "many messages",
  );
  assert.equal(data.messages.length, 200);
});

Deno.test("monitor: secrets are replaced wherever they are", () => {
  const secret = fc.constant("s3cret");
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string().filter((text) => !text.includes("s3cret")),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.record({ token: secret, inner: tie("value") }),
      fc.record({ session: secret, other: tie("value") }),
      fc.record({ credential: secret }),
      fc.record({ sdp: secret, type: fc.constant("offer") }),
      fc.record({ candidates: fc.array(secret), revision: fc.nat() }),
    ),
  })).value;
  fc.assert(fc.property(value, (value) => {
    assert.ok(!JSON.stringify(redact(value) ?? null).includes("s3cret"));
  }));
});
