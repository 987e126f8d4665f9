/**
 * Everything that needs media in the server, as an extension of the emulator.
 * Nothing of it is loaded before a room records or a client asks for media
 * signalling.
 *
 * @module
 */
import { tmpdir } from "node:os";
import type { Core, Extension } from "../core.ts";
import { recordingParameters } from "../recording/events.ts";
import { Recorder } from "../recording/recorder.ts";
import { recordingRoutes } from "../rest/recordings.ts";
import { MediaLinks } from "./links.ts";

/** The extension, and what tests ask of it. */
export interface MediaExtension extends Extension {
  /** Settles when the file of every recording that has ended is whole. */
  settled(): Promise<void>;
}

/** Plugs recordings into the parts of an emulator. */
export function plugMedia(core: Core): MediaExtension {
  const { settings, callbacks, signalling } = core;
  const folder = settings.recordingsDir ??
    `${tmpdir()}/twilio-emulator-${crypto.randomUUID()}`;
  const recorder = new Recorder(settings, folder, (event) => {
    callbacks.sendOfRoom(event.room, event.type, recordingParameters(event));
  });
  const links = new MediaLinks(folder, settings.now);
  signalling.media = {
    connect: (client) => ({
      peer_connections: recorder.connect(client),
      media_signaling: {},
      recording: recorder.state(client.participant.room),
    }),
    resume: (client) => ({
      peer_connections: recorder.resume(client),
      recording: recorder.state(client.participant.room),
    }),
    receive: (client, entries) => recorder.receive(client, entries),
    remove: (client) => recorder.remove(client),
  };
  const extension: MediaExtension = {
    routes: recordingRoutes(recorder.recordings, links),
    onRoomEvent: (event) => {
      if (event.type === "recording-rules-changed") recorder.update(event.room);
    },
    onRecordedTracks: (room) => recorder.update(room),
    answer: (request, path) => links.answer(request, path),
    settled: () => recorder.settled(),
    close: () => recorder.close(),
  };
  core.plug(extension);
  return extension;
}
