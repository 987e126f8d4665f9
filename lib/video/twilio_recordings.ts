import type {
  Composition,
  TrackRecording,
  VideoRecordings,
} from "@/lib/video/provider.ts";
import {
  CODES,
  isCode,
  refuse,
  type Rest,
  unless,
} from "@/lib/video/twilio_client.ts";
import { fetchMedia } from "@/lib/video/twilio_media.ts";

/** Two people publish two tracks each; more only if they come back often. */
const MAX_RECORDINGS = 1_000;
const RECORDINGS_PER_PAGE = 200;

/** One of each person, and some that failed. */
const MAX_COMPOSITIONS = 20;

const EVERYBODY = [{ type: "include", all: true }];
const NOBODY = [{ type: "exclude", all: true }];

/** Recordings and compositions by Twilio's REST API (Video v1). */
export function twilioRecordings(
  rest: Rest,
  statusCallback: string | null,
): VideoRecordings {
  return {
    async setRecording(roomSid, on) {
      const { rooms } = (await rest()).video.v1;
      await rooms(roomSid).recordingRules
        .update({ rules: on ? EVERYBODY : NOBODY })
        .catch(on ? refuse : unless(CODES.NOT_FOUND, CODES.ROOM_OVER));
    },

    async listRecordings(roomSid) {
      const { rooms } = (await rest()).video.v1;
      const listed = await rooms(roomSid).recordings
        .list({ limit: MAX_RECORDINGS, pageSize: RECORDINGS_PER_PAGE })
        .catch(refuse);
      return listed.map(recordingOf);
    },

    async deleteRecording(recordingSid) {
      const { recordings } = (await rest()).video.v1;
      await recordings(recordingSid).remove()
        .catch(unless(CODES.NOT_FOUND));
    },

    async compose(roomSid, participantSids, { voiceOnly }) {
      const { compositions } = (await rest()).video.v1;
      // Made already, by an attempt whose answer was lost.
      const made = await compositions.list({ roomSid, limit: MAX_COMPOSITIONS })
        .catch(refuse);
      const same = made.find(({ status, audioSources }) =>
        status !== "failed" && isSame(audioSources, participantSids)
      );
      if (same !== undefined) return compositionOf(same);
      const sources = [...participantSids];
      const created = await compositions.create({
        roomSid,
        audioSources: sources,
        ...(voiceOnly
          ? {}
          : { videoLayout: { single: { video_sources: sources } } }),
        format: "webm",
        // Trimmed, what is cut out of one person's file is in the other's.
        trim: false,
        ...(statusCallback === null ? {} : { statusCallback }),
      }).catch(refuse);
      return compositionOf(created);
    },

    async fetchComposition(sid) {
      const { compositions } = (await rest()).video.v1;
      return await compositions(sid).fetch().then(
        (found) => found.status === "deleted" ? null : compositionOf(found),
        (error) => {
          unless(CODES.NOT_FOUND)(error);
          return null;
        },
      );
    },

    async listCompositions(roomSid) {
      const { compositions } = (await rest()).video.v1;
      const listed = await compositions
        .list({ roomSid, limit: MAX_COMPOSITIONS }).catch(refuse);
      return listed.filter(({ status }) => status !== "deleted")
        .map(compositionOf);
    },

    async deleteComposition(sid) {
      const { compositions } = (await rest()).video.v1;
      await compositions(sid).remove().catch(async (error) => {
        if (isCode(error, CODES.NOT_FOUND)) return;
        if (isCode(error, CODES.NOT_COMPLETE)) return refuse(error);
        // One that failed has no media, and Twilio refuses to delete it.
        const { status } = await compositions(sid).fetch().catch(refuse);
        return status === "failed" ? undefined : refuse(error);
      });
    },

    openMedia: (sid, range, signal) =>
      fetchMedia(rest, `Compositions/${sid}`, range, signal),
  };
}

function recordingOf(
  recording: {
    sid: string;
    groupingSids: unknown;
    type: string;
    status: TrackRecording["status"];
    dateCreated: Date;
    offset: number;
    duration: number;
  },
): TrackRecording {
  const { participant_sid: participantSid } = Object(recording.groupingSids);
  return {
    sid: recording.sid,
    participantSid: String(participantSid),
    // Data tracks are never recorded.
    kind: recording.type === "video" ? "video" : "audio",
    status: recording.status,
    startedAt: recording.dateCreated.toISOString(),
    offsetMs: recording.offset,
    durationSeconds: recording.status === "completed"
      ? recording.duration
      : null,
  };
}

function compositionOf(
  { sid, status, duration, size }: {
    sid: string;
    status: "enqueued" | "processing" | "completed" | "failed" | "deleted";
    duration: number;
    size: number;
  },
): Composition {
  switch (status) {
    case "completed":
      return {
        sid,
        status: "ready",
        durationSeconds: duration,
        sizeBytes: size,
      };
    case "enqueued":
    case "processing":
      return {
        sid,
        status: "processing",
        durationSeconds: null,
        sizeBytes: null,
      };
    default:
      return { sid, status: "failed", durationSeconds: null, sizeBytes: null };
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}
