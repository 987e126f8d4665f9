/**
 * Every path of the REST API that the core answers. Extensions have theirs.
 *
 * @module
 */
import type { Route } from "./call.ts";
import {
  createHook,
  fetchHook,
  listHooks,
  removeHook,
  updateHook,
} from "./composition_hooks.ts";
import {
  anonymizeParticipant,
  fetchParticipant,
  listParticipants,
  updateParticipant,
} from "./participants.ts";
import { createRoom, fetchRoom, listRooms, updateRoom } from "./rooms.ts";
import {
  fetchRecordingRules,
  fetchSubscribeRules,
  updateRecordingRules,
  updateSubscribeRules,
} from "./rules.ts";
import { STORAGE_ROUTES } from "./storage_settings.ts";
import {
  fetchPublished,
  fetchSubscribed,
  listPublished,
  listSubscribed,
} from "./tracks.ts";
import {
  createTranscription,
  fetchTranscription,
  listTranscriptions,
  updateTranscription,
} from "./transcriptions.ts";

/** The routes of the core. */
export const ROUTES: readonly Route[] = [
  ["/Rooms", { GET: listRooms, POST: createRoom }],
  ["/Rooms/*", { GET: fetchRoom, POST: updateRoom }],
  ["/Rooms/*/Participants", { GET: listParticipants }],
  ["/Rooms/*/Participants/*", {
    GET: fetchParticipant,
    POST: updateParticipant,
  }],
  ["/Rooms/*/Participants/*/Anonymize", { POST: anonymizeParticipant }],
  ["/Rooms/*/Participants/*/PublishedTracks", { GET: listPublished }],
  ["/Rooms/*/Participants/*/PublishedTracks/*", { GET: fetchPublished }],
  ["/Rooms/*/Participants/*/SubscribedTracks", { GET: listSubscribed }],
  ["/Rooms/*/Participants/*/SubscribedTracks/*", { GET: fetchSubscribed }],
  ["/Rooms/*/Participants/*/SubscribeRules", {
    GET: fetchSubscribeRules,
    POST: updateSubscribeRules,
  }],
  ["/Rooms/*/RecordingRules", {
    GET: fetchRecordingRules,
    POST: updateRecordingRules,
  }],
  ["/Rooms/*/Transcriptions", {
    GET: listTranscriptions,
    POST: createTranscription,
  }],
  ["/Rooms/*/Transcriptions/*", {
    GET: fetchTranscription,
    POST: updateTranscription,
  }],
  ["/CompositionHooks", { GET: listHooks, POST: createHook }],
  ["/CompositionHooks/*", {
    GET: fetchHook,
    POST: updateHook,
    DELETE: removeHook,
  }],
  ...STORAGE_ROUTES,
];
