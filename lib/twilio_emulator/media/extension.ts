/**
 * Everything that needs media in the server, as an extension of the emulator.
 * Nothing of it is loaded before a room records or a client asks for media
 * signalling.
 *
 * @module
 */
import { tmpdir } from "node:os";
import type { Core, Extension } from "../core.ts";
import { compositionParameters } from "../recording/composition_events.ts";
import { Compositions } from "../recording/compositions.ts";
import { recordingParameters } from "../recording/events.ts";
import { Recorder } from "../recording/recorder.ts";
import { compositionRoutes } from "../rest/compositions.ts";
import { recordingRoutes } from "../rest/recordings.ts";
import { MediaLinks } from "./links.ts";

/** The extension, and what tests ask of it. */
export interface MediaExtension extends Extension {
  /** Settles when the file of every recording that has ended, and of every composition of them, is whole. */
  settled(): Promise<void>;
}

/** Plugs recordings and compositions into the parts of an emulator. */
export function plugMedia(core: Core): MediaExtension {
  const { settings, callbacks, signalling } = core;
  const folder = settings.recordingsDir ??
    `${tmpdir()}/twilio-emulator-${crypto.randomUUID()}`;
  const recorder = new Recorder(settings, folder, (event) => {
    callbacks.sendOfRoom(event.room, event.type, recordingParameters(event));
  });
  const compositions = new Compositions({
    settings,
    folder,
    recordings: recorder.recordings,
    recorded: () => recorder.settled(),
    emit: (event) => {
      const { statusCallback: url, statusCallbackMethod: method } =
        event.options;
      if (url === null) return;
      const { accountSid, sid: roomSid } = event.room;
      const params = compositionParameters(event, settings.now());
      callbacks.enqueue(event.room, {
        accountSid,
        roomSid,
        url,
        method,
        params,
      });
    },
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
    routes: [
      ...recordingRoutes(recorder.recordings, links),
      ...compositionRoutes(compositions, links),
    ],
    onRoomEvent: ({ type, room }) => {
      if (type === "recording-rules-changed") recorder.update(room);
      if (type === "room-ended") compositions.roomEnded(room);
    },
    onRecordedTracks: (room) => recorder.update(room),
    answer: (request, path) => links.answer(request, path),
    onCompositionWanted: (room, hook) => compositions.createForHook(room, hook),
    settled: async () => {
      await recorder.settled();
      await compositions.settled();
    },
    close: async () => {
      // Compositions wait for recordings; both are in the recorder's folder.
      await recorder.stop();
      await compositions.close();
      await recorder.close();
    },
  };
  core.plug(extension);
  return extension;
}
