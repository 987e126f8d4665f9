/** The parts of recording that need neither a browser nor a network. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { MediaLinks } from "@/lib/twilio_emulator/media/links.ts";
import {
  answerTo,
  levelExtension,
  parseOffer,
  syntheticOffer,
} from "@/lib/twilio_emulator/media/sdp.ts";
import { unwrapper } from "@/lib/twilio_emulator/media/sequence.ts";
import { parseRange } from "@/lib/twilio_emulator/media/serve_file.ts";
import { SpeakerDetector } from "@/lib/twilio_emulator/media/speaker.ts";
import {
  closePeer,
  loadWerift,
  newPeerConnection,
} from "@/lib/twilio_emulator/media/werift.ts";
import { frameMaker } from "@/lib/twilio_emulator/recording/frames.ts";
import { loadMuxer } from "@/lib/twilio_emulator/recording/muxer.ts";
import { opusSamples, SILENCE } from "@/lib/twilio_emulator/recording/opus.ts";
import { planComposition } from "@/lib/twilio_emulator/recording/plan.ts";
import { RecordedPeer } from "@/lib/twilio_emulator/recording/recorded_peer.ts";
import type { Recording } from "@/lib/twilio_emulator/recording/recordings.ts";
import { mux } from "@/lib/twilio_emulator/recording/remux.ts";
import { rescueRecordings } from "@/lib/twilio_emulator/recording/rescue.ts";
import { TrackFile } from "@/lib/twilio_emulator/recording/track_file.ts";
import { Vp8Assembler } from "@/lib/twilio_emulator/recording/vp8.ts";
import type { PeerConnectionEntry } from "@/lib/twilio_emulator/signalling/messages.ts";
import { schedule, Timers } from "@/lib/twilio_emulator/timers.ts";
import { eventually } from "./harness.ts";

Deno.test("sequence: numbers go on where they start over", () => {
  fc.assert(fc.property(
    fc.nat(2 ** 16 - 1),
    fc.array(fc.integer({ min: -1000, max: 30_000 })),
    (first, steps) => {
      const unwrap = unwrapper(16);
      let highest = first;
      assert.equal(unwrap(first), first);
      for (const step of steps) {
        const value = highest + step;
        if (value < 0) continue;
        assert.equal(unwrap(value % 2 ** 16), value);
        highest = Math.max(highest, value);
      }
    },
  ));
});

const KEY = [0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00];
const DELTA = [1, 2, 3];

/** A packet of VP8 whose descriptor says whether a frame starts. */
function vp8(
  sequence: number,
  starts: boolean,
  marker: boolean,
  data: number[],
) {
  const payload = new Uint8Array([starts ? 0x10 : 0, ...data]);
  return { ssrc: 7, sequence, timestamp: sequence * 4500, marker, payload };
}

Deno.test("vp8: frames of several packets; a loss drops all until a key frame", () => {
  const assembler = new Vp8Assembler();
  assert.equal(assembler.add(vp8(1, true, true, DELTA)), null);
  assert.ok(assembler.needsKeyFrame);
  assert.equal(assembler.add(vp8(2, true, false, KEY)), null);
  const key = assembler.add(vp8(3, false, true, [9, 9]))!;
  assert.deepEqual([key.isKey, key.width, key.height], [true, 320, 240]);
  assert.deepEqual([...key.data], [...KEY, 9, 9]);
  assert.deepEqual([...assembler.add(vp8(4, true, true, DELTA))!.data], DELTA);
  assert.equal(assembler.add(vp8(4, true, true, DELTA)), null, "twice");
  assert.equal(assembler.add(vp8(6, true, true, DELTA)), null, "5 is lost");
  assert.ok(assembler.needsKeyFrame);
  assert.ok(assembler.add(vp8(7, true, true, KEY))!.isKey);
});

Deno.test("vp8: every length of descriptor, and whatever else comes", () => {
  const frames = [
    [0x90, 0x80, 0x11],
    [0x90, 0x80, 0x91, 0x22],
    [0x90, 0xe0, 0x91, 0x22, 3, 4],
    [0x90, 0x20, 4],
  ];
  for (const descriptor of frames) {
    const payload = new Uint8Array([...descriptor, ...KEY]);
    const frame = new Vp8Assembler()
      .add({ sequence: 1, timestamp: 1, marker: true, payload });
    assert.deepEqual([...frame!.data], KEY);
  }
  const packet = fc.record({
    sequence: fc.nat(40),
    timestamp: fc.nat(),
    marker: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 20 }),
  });
  fc.assert(fc.property(fc.array(packet), (packets) => {
    const assembler = new Vp8Assembler();
    for (const packet of packets) assembler.add(packet);
  }));
});

Deno.test("opus: how long a packet lasts", () => {
  assert.equal(opusSamples(new Uint8Array([0xf8, 0xff, 0xfe])), 960);
  assert.equal(opusSamples(new Uint8Array([0x08])), 960);
  assert.equal(opusSamples(new Uint8Array([0x78 | 1])), 1920);
  assert.equal(opusSamples(new Uint8Array([0xfb, 0x03])), 2880);
  assert.equal(opusSamples(new Uint8Array()), 0);
});

Deno.test("frames: silence fills what was not sent; video lasts until the next frame", () => {
  const audio = frameMaker("audio");
  const opus = (sequence: number, ms: number) => ({
    ssrc: 1,
    sequence,
    timestamp: 1000 + ms * 48,
    marker: false,
    payload: new Uint8Array([0xf8, 1, 2]),
  });
  const frames = [
    ...audio.add(opus(1, 0), 5000),
    ...audio.add(opus(2, 20), 5020),
    ...audio.add(opus(3, 420), 5430),
    ...audio.end(5500),
  ];
  const silent = frames.filter(({ data }) => data[1] === 0xff).length;
  assert.equal(frames.length, 25);
  assert.equal(silent, 22);
  frames.forEach(({ time }, index) =>
    assert.ok(Math.abs(time - index * 0.02) < 1e-9)
  );

  const video = frameMaker("video");
  const timed = [
    ...video.add(vp8(1, true, true, KEY), 5000),
    ...video.add(vp8(2, true, true, DELTA), 5052),
    ...video.end(6000),
  ];
  assert.deepEqual(
    timed.map(({ time, duration }) => [time, duration]),
    [[0, 0.05], [0.05, 0.95]],
  );
});

Deno.test("frames: another transport, or a clock that leaps, goes on by arrival", () => {
  const video = frameMaker("video");
  video.add(vp8(1, true, true, KEY), 0);
  video.restart();
  video.add({ ...vp8(9, true, true, KEY), timestamp: 12 }, 3000);
  const [frame] = video.add(vp8(10, true, true, DELTA), 9000);
  assert.deepEqual([frame!.time, frame!.duration], [3, 6]);
});

const OFFER = `v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1 2
m=audio 9 UDP/TLS/RTP/SAVPF 63 111
a=ice-ufrag:abcd
a=ice-pwd:secret
a=fingerprint:sha-256 AA:BB
a=setup:actpass
a=mid:0
a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:- mic
a=rtpmap:63 red/48000/2
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10
a=ssrc:11 cname:x
m=video 9 UDP/TLS/RTP/SAVPF 98 96
a=mid:1
a=sendonly
a=msid:- cam
a=rtpmap:98 VP9/90000
a=rtpmap:96 VP8/90000
a=ssrc-group:FID 21 22
a=ssrc:21 cname:x
a=ssrc:22 cname:x
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=mid:2
`.replaceAll("\n", "\r\n");

const LOCAL = {
  ufrag: "ours",
  pwd: "own",
  fingerprint: "sha-256 CC:DD",
  setup: "active",
  candidates: ["a=candidate:1 1 udp 1 127.0.0.1 4000 typ host"],
};

Deno.test("sdp: an offer is read, and answered with one codec per kind", () => {
  const offer = parseOffer(OFFER);
  assert.deepEqual(
    offer.sections.map(({ kind, sends, trackId, ssrcs }) => [
      kind,
      sends,
      trackId,
      ssrcs,
    ]),
    [
      ["audio", true, "mic", [11]],
      ["video", true, "cam", [21]],
      ["application", false, null, []],
    ],
  );
  assert.equal(levelExtension(offer), 14);
  assert.match(syntheticOffer(offer), /a=ice-ufrag:abcd\r\n/);
  const answer = answerTo(offer, LOCAL, 3, {
    receives: ({ trackId }) => trackId === "cam",
    data: false,
  });
  const lines = answer.split("\r\n");
  assert.deepEqual(lines.filter((line) => line.startsWith("m=")), [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "m=video 9 UDP/TLS/RTP/SAVPF 96",
    "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
  ]);
  assert.deepEqual(
    lines.filter((line) => /^a=(inactive|recvonly)$/.test(line)),
    ["a=inactive", "a=recvonly", "a=inactive"],
  );
  assert.ok(lines.includes("a=group:BUNDLE 0 1"));
  assert.throws(() => parseOffer("v=0\r\n"), TypeError);
});

Deno.test("range: every header names a part of the file, all of it, or none", () => {
  assert.deepEqual(parseRange("bytes=0-", 10), [0, 9]);
  assert.deepEqual(parseRange("bytes=2-4", 10), [2, 4]);
  assert.deepEqual(parseRange("bytes=-3", 10), [7, 9]);
  assert.deepEqual(parseRange("bytes=5-99", 10), [5, 9]);
  assert.equal(parseRange("bytes=10-", 10), "unsatisfiable");
  assert.equal(parseRange("bytes=-0", 10), "unsatisfiable");
  assert.equal(parseRange("bytes=-5", 0), "unsatisfiable");
  for (const header of [null, "bytes=-", "bytes=4-2", "bytes=1-2,4-5", "x"]) {
    assert.equal(parseRange(header, 10), null);
  }
});

Deno.test("links: only what was signed, as long as it lasts, in parts", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/RT1.mka`, "0123456789");
  let now = new Date("2026-01-01T00:00:00Z");
  const links = new MediaLinks(folder, () => now);
  const ask = new URL("http://h/v1/x?Ttl=60&ContentDisposition=inline");
  const redirect = links.redirect("RT1.mka", ask, "http://h/mount/v1");
  const url = redirect.headers.get("location")!;
  assert.equal(redirect.status, 302);
  assert.deepEqual(await redirect.json(), { redirect_to: url });
  assert.match(url, /^http:\/\/h\/mount\/media\/RT1\.mka\?/);
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const path = new URL(url).pathname.replace("/mount", "");
    return (await links.answer(new Request(url, { headers }), path))!;
  };
  const whole = await get(url);
  assert.equal(whole.headers.get("content-type"), "audio/x-matroska");
  assert.equal(whole.headers.get("content-disposition"), "inline");
  assert.equal(await whole.text(), "0123456789");
  const part = await get(url, { range: "bytes=3-5" });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), "bytes 3-5/10");
  assert.equal(await part.text(), "345");
  for (
    const forged of [
      url.replace("RT1.mka", "..%2Fsecret"),
      url.replace(/expires=\d+/, "expires=9999999999"),
      url.replace("inline", "attachment"),
      url.replace(/signature=../, "signature=zz"),
    ]
  ) assert.equal((await get(forged)).status, 403);
  now = new Date("2026-01-01T00:01:01Z");
  assert.equal((await get(url)).status, 403);
  for (const query of ["Ttl=0", "Ttl=3601", "ContentDisposition=a%0D%0Ab"]) {
    const bad = new URL(`http://h/v1/x?${query}`);
    assert.throws(() => links.redirect("RT1.mka", bad, "http://h/v1"), {
      code: 20001,
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("plan: sources choose; republished tracks are one, with a gap", () => {
  const recording = (
    sid: string,
    kind: "audio" | "video",
    participantSid: string,
    trackName: string,
    offsetMs: number,
  ) =>
    ({
      sid,
      kind,
      participantSid,
      trackName,
      offsetMs,
      seconds: 10,
      path: sid,
    }) as Recording;
  const all = [
    recording("RT1", "audio", "PA1", "mic", 1000),
    recording("RT2", "video", "PA1", "camera", 2000),
    recording("RT3", "video", "PA1", "camera", 20_000),
    recording("RT4", "video", "PA2", "screen", 3000),
  ];
  const region = { video_sources: ["*"], video_sources_excluded: ["scr*"] };
  const options = {
    audioSources: ["m*c"],
    audioSourcesExcluded: ["PA2"],
    videoLayout: { grid: region },
    trim: true,
  };
  const plan = (more: Record<string, unknown>) =>
    planComposition(
      all,
      { ...options, ...more } as unknown as Parameters<
        typeof planComposition
      >[1],
      new Date(0),
    );
  assert.deepEqual(plan({}), {
    tracks: [
      {
        kind: "video",
        pieces: [
          { path: "RT2", offset: 1, seconds: 10 },
          { path: "RT3", offset: 19, seconds: 10 },
        ],
      },
      { kind: "audio", pieces: [{ path: "RT1", offset: 0, seconds: 10 }] },
    ],
    seconds: 29,
  });
  assert.equal(plan({ trim: false }).seconds, 30);
  assert.equal(plan({ trim: false }).tracks[0]!.pieces[0]!.offset, 2);
  assert.equal(plan({ audioSourcesExcluded: ["RT1"] }).tracks.length, 1);
  assert.equal(plan({ audioSources: [], videoLayout: {} }).tracks.length, 0);
});

Deno.test("plan: who comes back goes on in the same track; what is there at the same time has its own", () => {
  const recording = (sid: string, participantSid: string, from: number) =>
    ({
      sid,
      kind: "video",
      participantSid,
      trackName: `camera of ${sid}`,
      offsetMs: from * 1000,
      seconds: 10,
      path: sid,
    }) as Recording;
  const paths = (...recordings: Recording[]) =>
    planComposition(
      recordings,
      {
        audioSources: [],
        audioSourcesExcluded: [],
        videoLayout: {
          all: { video_sources: ["*"], video_sources_excluded: [] },
        },
        trim: true,
      } as unknown as Parameters<typeof planComposition>[1],
      new Date(0),
    ).tracks.map(({ pieces }) => pieces.map(({ path }) => path).join());
  assert.deepEqual(
    paths(recording("RT1", "PA1", 0), recording("RT2", "PA9", 9.7)),
    ["RT1,RT2"],
  );
  assert.deepEqual(
    paths(recording("RT1", "PA1", 0), recording("RT2", "PA2", 9)),
    ["RT1", "RT2"],
  );
});

Deno.test("file: between two pieces of sound there is silence, so that players keep time", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/RT1.mka`;
  const file = await TrackFile.create(path, "audio");
  const frame = { isKey: true, width: 0, height: 0, duration: 0.02 };
  for (let n = 0; n < 50; n++) {
    await file.add({ ...frame, data: SILENCE, time: n * 0.02 });
  }
  const { seconds } = await file.finish();
  const all = `${folder}/CJ1.webm`;
  const pieces = [{ path, offset: 2, seconds }, { path, offset: 5, seconds }];
  assert.equal(
    Math.round(await mux([{ kind: "audio", pieces }], all) * 100),
    600,
  );
  const { Input, FilePathSource, WEBM, EncodedPacketSink } = await loadMuxer();
  using input = new Input({
    formats: [WEBM],
    source: new FilePathSource(all),
  });
  const track = await input.getPrimaryAudioTrack();
  let end = 2;
  for await (const packet of new EncodedPacketSink(track!).packets()) {
    assert.ok(Math.abs(packet.timestamp - end) < 0.002, `${packet.timestamp}`);
    end = packet.timestamp + 0.02;
  }
  assert.ok(Math.abs(end - 6) < 0.002);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("speaker: who is loudest for a while; nobody after a silence", () => {
  const detector = new SpeakerDetector<string>();
  assert.equal(detector.hear("a", 30, 0), false);
  assert.equal(detector.hear("b", 90, 10), false);
  assert.equal(detector.hear("a", 30, 310), true);
  assert.equal(detector.speaker, "a");
  assert.equal(detector.hear("b", 20, 400), false, "a cough");
  assert.equal(detector.hear("a", 10, 450), false);
  assert.equal(detector.hear("b", 20, 800), false, "since 800 only");
  assert.equal(detector.hear("b", 20, 1100), true);
  assert.equal(detector.speaker, "b");
  assert.equal(detector.hear("a", 127, 3050), false);
  assert.equal(detector.hear("a", 127, 3150), true);
  assert.equal(detector.speaker, null);
  assert.equal(detector.forget("a"), false);
});

Deno.test("peer: after a cut of the media it is made anew; nothing is left of it", async () => {
  const timers = new Timers(schedule);
  const sent: PeerConnectionEntry[] = [];
  const peer = new RecordedPeer({
    timers,
    send: (entry) => sent.push(entry),
    recordingOf: () => null,
    log: () => {},
  });
  const began = peer.begin();
  const say = (revision: number, sdp: string) => {
    const id = sent.at(-1)?.id ?? began.id;
    peer.receive({ id, description: { type: "offer", revision, sdp } });
  };
  const saidLast = (type: string) =>
    eventually(
      () => sent.at(-1)?.description?.type,
      (last) => last === type,
      type,
    );
  const offer = OFFER.replace(
    "AA:BB",
    Array(32).fill("AA").join(":"),
  );
  assert.equal(began.description!.type, "create-offer");
  say(2, offer);
  await saidLast("answer");
  assert.equal(sent[0]!.description!.revision, 2);
  assert.deepEqual(peer.resume(), [sent[0]]);
  say(2, offer);
  say(4, offer);
  await eventually(
    () => sent.length,
    (count) => count === 2,
    "one answer more",
  );
  assert.equal(sent[1]!.description!.revision, 4);
  say(6, offer.replace("ice-ufrag:abcd", "ice-ufrag:efgh"));
  await saidLast("close");
  assert.equal(sent[2]!.id, began.id);
  await saidLast("create-offer");
  assert.notEqual(sent[3]!.id, began.id);
  say(2, "nonsense");
  say(3, offer);
  await saidLast("answer");
  await peer.close();
  await saidLast("close");
  timers.close();
});

Deno.test("peer: one whose media cannot be read is made anew at once", async () => {
  const timers = new Timers(schedule);
  const sent: PeerConnectionEntry[] = [];
  const peer = new RecordedPeer({
    timers,
    send: (entry) => sent.push(entry),
    recordingOf: () => null,
    log: () => {},
  });
  const { id } = peer.begin();
  const werift = await loadWerift();
  const browser = newPeerConnection(werift);
  browser.addTransceiver("audio", { direction: "sendonly" });
  await browser.setLocalDescription(await browser.createOffer());
  const { sdp } = browser.localDescription!;
  peer.receive({ id, description: { type: "offer", revision: 2, sdp } });
  const answered = await eventually(
    () => sent.find(({ description }) => description?.type === "answer"),
    (entry) => entry !== undefined,
    "an answer",
  );
  await browser.setRemoteDescription({
    type: "answer",
    sdp: answered!.description!.sdp!,
  });
  const [transport] = browser.dtlsTransports;
  await eventually(
    () => transport!.state,
    (state) => state === "connected",
    "a connection",
  );
  // RTP by its first byte, encrypted with no key that anybody has.
  const garbage = new Uint8Array(60).fill(0x80);
  for (let n = 0; n < 20; n++) {
    await transport!.iceTransport.connection.send(Buffer.from(garbage));
  }
  const began = performance.now();
  const again = await eventually(
    () => sent.at(-1),
    (entry) => entry?.description?.type === "create-offer",
    "another question",
  );
  assert.notEqual(again!.id, id);
  assert.ok(performance.now() - began < 1500);
  await peer.close();
  await closePeer(browser);
  timers.close();
  // Half a second after each part of a handshake, the library looks back.
  await new Promise((resolve) => setTimeout(resolve, 600));
});

Deno.test("file: it lasts as long as its last frame stands, also in a composition", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/RT1.mkv`;
  const file = await TrackFile.create(path, "video");
  const frame = { isKey: true, width: 320, height: 240 };
  const data = new Uint8Array(KEY);
  await file.add({ ...frame, data, time: 0, duration: 0.5 });
  await file.add({ ...frame, data, time: 0.5, duration: 3 });
  // Somebody still writes it: it is not for another emulator to complete.
  await rescueRecordings(folder, () => assert.fail());
  const { seconds, size } = await file.finish();
  assert.equal(seconds, 3.5);
  assert.equal((await Deno.stat(path)).size, size);
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [
    "RT1.mkv",
  ]);
  const pieces = [{ path, offset: 1, seconds }, { path, offset: 10, seconds }];
  const all = `${folder}/CJ1.webm`;
  assert.equal(await mux([{ kind: "video", pieces }], all), 13.5);
  await Deno.remove(folder, { recursive: true });
});
