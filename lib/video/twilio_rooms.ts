import { AppError } from "@/lib/errors.ts";
import type {
  Participant,
  Room,
  RoomOptions,
  VideoRooms,
} from "@/lib/video/provider.ts";
import {
  CODES,
  isCode,
  refuse,
  type Rest,
  unless,
} from "@/lib/video/twilio_client.ts";

/** More rooms than a clinic has open; what lies beyond is seen when these are closed. */
const MAX_ROOMS = 1_000;
const ROOMS_PER_PAGE = 200;

/** People who come back are participants anew each time. */
const MAX_PARTICIPANTS = 1_000;
const PARTICIPANTS_PER_PAGE = 100;

/** Rooms by Twilio's REST API (Video v1). */
export function twilioRooms(
  rest: Rest,
  statusCallback: string | null,
): VideoRooms {
  return {
    async openRoom(name, options) {
      const { rooms } = (await rest()).video.v1;
      try {
        const wanted = roomParameters(name, options, statusCallback);
        return roomOf(await rooms.create(wanted));
      } catch (error) {
        // Open already: of an attempt whose answer was lost, or another tab.
        if (isCode(error, CODES.ROOM_EXISTS)) {
          return roomOf(await rooms(name).fetch().catch(refuseForNow));
        }
        // Accounts made since October 2024 have no audio-only rooms; the
        // call page publishes no video in a voice session anyway.
        const { AUDIO_ONLY_NOT_GROUP, AUDIO_ONLY_UNSUPPORTED } = CODES;
        if (
          options.voiceOnly &&
          isCode(error, AUDIO_ONLY_NOT_GROUP, AUDIO_ONLY_UNSUPPORTED)
        ) {
          const plain = { ...options, voiceOnly: false };
          const wanted = roomParameters(name, plain, statusCallback);
          return roomOf(await rooms.create(wanted).catch(refuse));
        }
        return refuse(error);
      }
    },

    async fetchRoom(sidOrName) {
      const { rooms } = (await rest()).video.v1;
      return await rooms(sidOrName).fetch().then(roomOf, (error) => {
        unless(CODES.NOT_FOUND)(error);
        return null;
      });
    },

    async closeRoom(sidOrName) {
      const { rooms } = (await rest()).video.v1;
      await rooms(sidOrName).update({ status: "completed" })
        .catch(unless(CODES.NOT_FOUND, CODES.STATUS_INVALID));
    },

    async listOpenRooms() {
      const { rooms } = (await rest()).video.v1;
      const open = await rooms.list({
        status: "in-progress",
        limit: MAX_ROOMS,
        pageSize: ROOMS_PER_PAGE,
      }).catch(refuse);
      return open.map((room) => ({
        ...roomOf(room),
        isOurs: statusCallback !== null &&
          room.statusCallback === statusCallback,
      }));
    },

    async listParticipants(roomSid, who = "connected") {
      const { participants } = (await rest()).video.v1.rooms(roomSid);
      const list = (filter: { status?: "disconnected" }) =>
        participants.list({
          ...filter,
          limit: MAX_PARTICIPANTS,
          pageSize: PARTICIPANTS_PER_PAGE,
        }).catch(refuse);
      // Without a filter: who is in, also while reconnecting; of a room that
      // is over, who was.
      const listed = await list({});
      if (who === "connected") {
        return listed.filter(({ status }) => status !== "disconnected")
          .map(participantOf);
      }
      const gone = await list({ status: "disconnected" });
      const all = [...listed, ...gone].map(participantOf);
      return [...new Map(all.map((one) => [one.sid, one])).values()];
    },

    async removeParticipant(roomSid, participantSid) {
      const { rooms } = (await rest()).video.v1;
      await rooms(roomSid).participants(participantSid)
        .update({ status: "disconnected" })
        .catch(unless(
          CODES.NOT_FOUND,
          CODES.PARTICIPANT_STATUS_INVALID,
          CODES.ROOM_OVER,
        ));
    },
  };
}

/** Of a room that there was a moment ago: that it is not known any more will pass. */
function refuseForNow(cause: unknown): never {
  if (!isCode(cause, CODES.NOT_FOUND)) return refuse(cause);
  throw new AppError("video_unavailable", "The room has just ended", {
    cause,
    retryAfterSeconds: 1,
  });
}

function roomParameters(
  uniqueName: string,
  { voiceOnly }: RoomOptions,
  statusCallback: string | null,
) {
  return {
    uniqueName,
    type: "group" as const,
    // Two people, and slack for a tab that is replaced by a newer one.
    maxParticipants: 4,
    emptyRoomTimeout: 5,
    unusedRoomTimeout: 10,
    maxParticipantDuration: 4 * 3600,
    // Said, because an account may be set to record everything. Recording is
    // switched on when both have allowed it.
    recordParticipantsOnConnect: false,
    ...(voiceOnly ? { audioOnly: true } : {}),
    ...(statusCallback === null ? {} : { statusCallback }),
  };
}

function participantOf({ sid, identity }: Participant): Participant {
  return { sid, identity };
}

function roomOf(
  room: {
    sid: string;
    uniqueName: string;
    status: Room["status"];
    dateCreated: Date;
  },
): Room {
  return {
    sid: room.sid,
    name: room.uniqueName,
    status: room.status,
    createdAt: room.dateCreated.toISOString(),
  };
}
