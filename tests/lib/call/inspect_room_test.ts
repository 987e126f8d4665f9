import { deepEqual, equal } from "node:assert/strict";
import type { Room } from "twilio-video";
import { inspectRoom } from "@/lib/call/inspect_room.ts";

const aTrack = (kind: string, changes = {}) => ({
  kind,
  isEnabled: true,
  isSwitchedOff: false,
  mediaStreamTrack: { readyState: "live", muted: false },
  ...changes,
});

const tracks = (...publications: { trackSid: string }[]) =>
  new Map(publications.map((one) => [one.trackSid, one]));

const stats = (
  sent: [string, number | null][],
  received: [string, number][],
) => ({
  localAudioTrackStats: sent.filter(([sid]) => sid === "MTmic")
    .map(([trackSid, bytesSent]) => ({ trackSid, bytesSent })),
  localVideoTrackStats: sent.filter(([sid]) => sid === "MTcam")
    .map(([trackSid, bytesSent]) => ({ trackSid, bytesSent })),
  remoteAudioTrackStats: received
    .map(([trackSid, bytesReceived]) => ({ trackSid, bytesReceived })),
  remoteVideoTrackStats: [],
});

function aRoom(changes: Record<string, unknown> = {}): Room {
  return {
    getStats: () =>
      Promise.resolve([
        stats([["MTmic", 10], ["MTcam", 100], ["MTcam", 20]], [["MTa", 7]]),
        stats([["MTmic", 5]], []),
      ]),
    localParticipant: {
      audioTracks: tracks(
        { trackSid: "MTmic", track: aTrack("audio") } as never,
      ),
      videoTracks: tracks({
        trackSid: "MTcam",
        track: aTrack("video", {
          isEnabled: false,
          mediaStreamTrack: { readyState: "ended", muted: true },
        }),
      } as never),
    },
    participants: new Map([["PA1", {
      identity: "01PATIENT",
      audioTracks: tracks({
        trackSid: "MTa",
        isSubscribed: true,
        isTrackEnabled: true,
        track: aTrack("audio"),
      } as never),
      videoTracks: tracks({
        trackSid: "MTv",
        isSubscribed: true,
        isTrackEnabled: true,
        track: aTrack("video", { isSwitchedOff: true }),
      } as never),
    }]]),
    ...changes,
  } as unknown as Room;
}

Deno.test("S1.34 the room tells what is published, whether it is on, and how much went over the line", async () => {
  deepEqual(await inspectRoom(aRoom()), {
    sent: {
      microphone: {
        isEnabled: true,
        hasEnded: false,
        isInterrupted: false,
        bytes: 15,
      },
      camera: {
        isEnabled: false,
        hasEnded: true,
        isInterrupted: true,
        bytes: 120,
      },
    },
    received: new Map([["01PATIENT", {
      microphone: {
        isEnabled: true,
        isSubscribed: true,
        isHeldBack: false,
        bytes: 7,
      },
      camera: {
        isEnabled: true,
        isSubscribed: true,
        isHeldBack: true,
        bytes: 0,
      },
    }]]),
  });
});

Deno.test("what is not published is not there, and what does not count has no count", async () => {
  const bare = { audioTracks: tracks(), videoTracks: tracks() };
  const empty = await inspectRoom(aRoom({ localParticipant: bare }));
  deepEqual(empty.sent, { microphone: null, camera: null });

  const silent = { getStats: () => Promise.reject(new Error("no")) };
  const uncounted = await inspectRoom(aRoom(silent));
  equal(uncounted.sent.microphone?.bytes, null);
  equal(uncounted.received.get("01PATIENT")?.microphone?.bytes, null);

  const partly = await inspectRoom(
    aRoom({ getStats: () => Promise.resolve([stats([["MTmic", null]], [])]) }),
  );
  equal(partly.sent.microphone?.bytes, null);
});
