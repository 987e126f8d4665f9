/**
 * Parameters of a room: the form of `POST /v1/Rooms`, its checks and defaults
 * (https://www.twilio.com/docs/video/api/rooms-resource#create-a-room).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import { callbackMethod, flag, integer, statusCallback } from "../forms.ts";
import { isSid } from "../sid.ts";
import { parseRules, type Rule } from "./rules.ts";
import { MAX_CONCURRENT_TRACKS } from "./tracks.ts";
import {
  parseTranscriptionConfiguration,
  type TranscriptionConfiguration,
} from "./transcription_options.ts";

/** The parameters after checks and defaults. */
export interface RoomOptions {
  /** `null`: name the room after its SID. */
  readonly uniqueName: string | null;
  readonly maxParticipants: number;
  /** Minutes an empty room lives after the last one left; 0 for ad-hoc rooms. */
  readonly emptyRoomTimeout: number;
  /** Minutes a room lives that nobody joins; 0 for ad-hoc rooms. */
  readonly unusedRoomTimeout: number;
  /** Seconds one participant may stay. */
  readonly maxParticipantDuration: number;
  readonly audioOnly: boolean;
  readonly statusCallback: string | null;
  readonly statusCallbackMethod: "GET" | "POST";
  readonly recordParticipantsOnConnect: boolean;
  readonly recordingRules: readonly Rule[] | null;
  readonly videoCodecs: readonly string[];
  readonly mediaRegion: string;
  readonly largeRoom: boolean;
  /** Tracks all participants together may publish. */
  readonly maxPublishedTracks: number;
  /** What `TranscribeParticipantsOnConnect` starts; `null`: nothing. */
  readonly transcription: TranscriptionConfiguration | null;
}

/** Longest name of a room. */
const MAX_NAME = 128;

const VIDEO_CODECS = ["VP8", "H264"];

const MEDIA_REGIONS = "us1 us2 au1 br1 de1 ie1 in1 jp1 sg1 gll".split(" ");

/** Room types that accounts made since 21 October 2024 cannot create. */
const LEGACY_TYPES = ["go", "peer-to-peer", "group-small"];

/**
 * Reads the form of `POST /v1/Rooms`. An empty value counts as not given.
 *
 * @throws {TwilioFault} the code Twilio documents for the first parameter
 * that is wrong; 20001 where it documents none.
 */
export function parseRoomOptions(form: URLSearchParams): RoomOptions {
  checkType(form.get("Type"));
  const audioOnly = flag(form, "AudioOnly");
  flag(form, "EnableTurn");
  const transcribes = flag(form, "TranscribeParticipantsOnConnect");
  const transcription = parseTranscriptionConfiguration(
    form.get("TranscriptionsConfiguration"),
    "TranscriptionsConfiguration",
  );
  const rules = form.get("RecordingRules");
  return {
    uniqueName: roomName(form.get("UniqueName")),
    maxParticipants: integer(form, "MaxParticipants", 1, 50, 50, 53107),
    emptyRoomTimeout: integer(form, "EmptyRoomTimeout", 1, 60, 5, 53109),
    unusedRoomTimeout: integer(form, "UnusedRoomTimeout", 1, 60, 5, 53109),
    maxParticipantDuration: integer(
      form,
      "MaxParticipantDuration",
      600,
      86_400,
      14_400,
      53123,
    ),
    audioOnly,
    statusCallback: statusCallback(form.get("StatusCallback")),
    statusCallbackMethod: callbackMethod(form.get("StatusCallbackMethod")),
    recordParticipantsOnConnect: flag(form, "RecordParticipantsOnConnect"),
    recordingRules: rules ? parseRules(rules, 53120) : null,
    videoCodecs: audioOnly ? [] : videoCodecs(form.getAll("VideoCodecs")),
    mediaRegion: mediaRegion(form.get("MediaRegion")),
    largeRoom: flag(form, "LargeRoom"),
    maxPublishedTracks: integer(
      form,
      "MaxPublishedTracks",
      0,
      MAX_CONCURRENT_TRACKS,
      0,
      53207,
    ) || MAX_CONCURRENT_TRACKS,
    transcription: transcribes ? transcription : null,
  };
}

/**
 * Options of a room made by a client's connect, without the two timeouts.
 *
 * @param parameters Those of `POST /Rooms` that are not to have Twilio's
 * defaults.
 * @throws {TwilioFault} as {@link parseRoomOptions}.
 */
export function adHocOptions(
  uniqueName: string | null,
  parameters: Readonly<Record<string, string>> = {},
): RoomOptions {
  const form = new URLSearchParams(parameters);
  if (uniqueName) form.set("UniqueName", uniqueName);
  return {
    ...parseRoomOptions(form),
    emptyRoomTimeout: 0,
    unusedRoomTimeout: 0,
  };
}

function roomName(name: string | null): string | null {
  if (!name) return null;
  if ([...name].length > MAX_NAME) throw new TwilioFault(53101);
  // What is left of bytes that were not UTF-8.
  if (name.includes("\uFFFD")) throw new TwilioFault(53102);
  // It could not be told from the SID of another room.
  if (isSid("RM", name)) throw new TwilioFault(53100);
  return name;
}

function checkType(type: string | null): void {
  if (!type || type === "group") return;
  throw new TwilioFault(LEGACY_TYPES.includes(type) ? 53126 : 53108);
}

function videoCodecs(values: string[]): readonly string[] {
  // The client repeats the key; others send one comma-joined value.
  const codecs = values.flatMap((value) => value.split(",")).filter(Boolean);
  if (codecs.some((codec) => !VIDEO_CODECS.includes(codec))) {
    throw new TwilioFault(20001, "Invalid VideoCodecs");
  }
  return codecs.length > 0 ? [...new Set(codecs)] : VIDEO_CODECS;
}

function mediaRegion(text: string | null): string {
  if (text && !MEDIA_REGIONS.includes(text)) throw new TwilioFault(53115);
  // `gll` asks for the nearest region; the room then says which one it was.
  return !text || text === "gll" ? "us1" : text;
}
