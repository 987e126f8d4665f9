import type { Twilio } from "twilio";
import { AppError } from "@/lib/errors.ts";
import { tokenMaker } from "@/lib/video/access_token.ts";
import type {
  Room,
  RoomOptions,
  VideoClientConfig,
  VideoProvider,
} from "@/lib/video/provider.ts";
import { isSigned } from "@/lib/video/signature.ts";

/** What is needed to speak to Twilio, or to something that speaks like it. */
export interface TwilioOptions {
  accountSid: string;
  apiKeySid: string;
  apiKeySecret: string;
  /** Verifies status callbacks; without it none are asked for. */
  authToken: string | null;
  /** Where the REST API is, if not at Twilio. */
  restBaseUrl: string | null;
  /** Public URL that status callbacks go to, or null for none. */
  statusCallback: string | null;
  client: VideoClientConfig;
}

const TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** Twilio's codes, from its error dictionary. */
const ROOM_EXISTS = 53113;
const AUDIO_ONLY_UNSUPPORTED = [53124, 53127];
const NOT_FOUND = 20404;
const STATUS_INVALID = 53112;

/**
 * The video service by Twilio's REST API (Video v1). The client library is
 * loaded with the first room, since it costs as much as the rest of the start.
 */
export function openTwilio(options: TwilioOptions): VideoProvider {
  let loading: Promise<Twilio> | undefined;
  const rest = () => loading ??= loadClient(options);
  return {
    client: options.client,

    async openRoom(name, room) {
      const { rooms } = (await rest()).video.v1;
      try {
        return pick(await rooms.create(roomParameters(name, room, options)));
      } catch (error) {
        // Open already: of an attempt whose answer was lost, or another tab.
        if (codeOf(error) === ROOM_EXISTS) {
          return pick(await rooms(name).fetch().catch(refuse));
        }
        // Accounts made since October 2024 have no audio-only rooms; the
        // call page publishes no video in a voice session anyway.
        if (room.voiceOnly && AUDIO_ONLY_UNSUPPORTED.includes(codeOf(error))) {
          const plain = roomParameters(name, { voiceOnly: false }, options);
          return pick(await rooms.create(plain).catch(refuse));
        }
        return refuse(error);
      }
    },

    async fetchRoom(sid) {
      const { rooms } = (await rest()).video.v1;
      return await rooms(sid).fetch().then(pick, (error) => {
        if (codeOf(error) === NOT_FOUND) return null;
        return refuse(error);
      });
    },

    async closeRoom(sid) {
      const { rooms } = (await rest()).video.v1;
      await rooms(sid).update({ status: "completed" }).catch((error) => {
        if ([NOT_FOUND, STATUS_INVALID].includes(codeOf(error))) return;
        return refuse(error);
      });
    },

    createAccessToken: tokenMaker(options),

    isSigned: (url, params, signature) =>
      options.authToken !== null &&
      isSigned(options.authToken, url, params, signature),
  };
}

async function loadClient(options: TwilioOptions): Promise<Twilio> {
  const { default: twilio } = await import("twilio");
  const client = twilio(options.apiKeySid, options.apiKeySecret, {
    accountSid: options.accountSid,
    timeout: TIMEOUT_MS,
  });
  if (options.restBaseUrl !== null) {
    client.video.baseUrl = options.restBaseUrl;
  }
  return client;
}

function roomParameters(
  uniqueName: string,
  { voiceOnly }: RoomOptions,
  { statusCallback }: TwilioOptions,
) {
  return {
    uniqueName,
    type: "group" as const,
    // Two people, and slack for a tab that is replaced by a newer one.
    maxParticipants: 4,
    emptyRoomTimeout: 5,
    unusedRoomTimeout: 10,
    maxParticipantDuration: 4 * 3600,
    ...(voiceOnly ? { audioOnly: true } : {}),
    ...(statusCallback === null ? {} : { statusCallback }),
  };
}

function pick(
  room: { sid: string; uniqueName: string; status: Room["status"] },
): Room {
  return { sid: room.sid, name: room.uniqueName, status: room.status };
}

/** Twilio's error code, or -1 if it is none of Twilio's errors. */
function codeOf(error: unknown): number {
  const { code } = error as { code?: unknown };
  return typeof code === "number" ? code : -1;
}

/** Throws what the product calls this failure: it will not help to try again, or it may. */
function refuse(error: unknown): never {
  const { status } = error as { status?: unknown };
  const permanent = typeof status === "number" && status >= 400 &&
    status < 500 && status !== 408 && status !== 429;
  const code = codeOf(error);
  const said = code === -1 ? "no answer" : `error ${code}`;
  throw permanent
    ? new AppError("video_rejected", `The video service refused: ${said}`, {
      cause: error,
    })
    : new AppError("video_unavailable", `The video service failed: ${said}`, {
      cause: error,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
}
