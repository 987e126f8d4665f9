/**
 * Everything that needs media in the server, as an extension of the emulator.
 * Nothing of it is loaded before a room records or a client asks for media
 * signalling.
 *
 * @module
 */
import { tmpdir } from "node:os";
import { answerCompose } from "../compose/compose.ts";
import { Renderings } from "../compose/renderings.ts";
import { planScene } from "../compose/scene.ts";
import type { Core, Extension } from "../core.ts";
import { schedule, Timers } from "../timers.ts";
import { compositionParameters } from "../recording/composition_events.ts";
import { Compositions } from "../recording/compositions.ts";
import { recordingParameters } from "../recording/events.ts";
import { Recorder } from "../recording/recorder.ts";
import { compositionRoutes } from "../rest/compositions.ts";
import { recordingRoutes } from "../rest/recordings.ts";
import type { MediaControls } from "./controls.ts";
import { MediaLinks } from "./links.ts";
import { MediaSignalling } from "./media_signalling.ts";

/** The extension, and what tests ask of it. */
export interface MediaExtension extends Extension {
  /** What clients are told of the media. */
  readonly controls: MediaControls;
  /** Settles when the file of every recording that has ended, and of every composition of them, is whole. */
  settled(): Promise<void>;
}

/** Plugs recordings and compositions into the parts of an emulator. */
export function plugMedia(core: Core): MediaExtension {
  const { settings, callbacks, signalling } = core;
  const folder = settings.recordingsDir ??
    `${tmpdir()}/twilio-emulator-${crypto.randomUUID()}`;
  // Real time, whatever tests do to the emulator's: media cannot be hurried.
  const timers = new Timers(schedule);
  const recorder = new Recorder(settings, timers, folder, (event) => {
    callbacks.sendOfRoom(event.room, event.type, recordingParameters(event));
  });
  const compositions: Compositions = new Compositions({
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
    render: settings.renderGrids
      ? (composition, recordings) => {
        const { room, options } = composition;
        const scene = planScene(recordings, options, room.dateCreated);
        renderings.add(composition, scene);
      }
      : null,
  });
  const renderings = new Renderings(settings.now, compositions);
  const links = new MediaLinks(folder, settings.now);
  const mediaSignalling = new MediaSignalling(settings, timers);
  signalling.media = {
    connect: (client, wanted) => ({
      peer_connections: recorder.connect(client),
      media_signaling: mediaSignalling.connect(client, wanted),
      recording: recorder.state(client.participant.room),
    }),
    resume: (client) => ({
      peer_connections: [
        ...recorder.resume(client),
        ...mediaSignalling.resume(client),
      ],
      recording: recorder.state(client.participant.room),
    }),
    receive: (client, entries) => {
      recorder.receive(client, entries);
      mediaSignalling.receive(client, entries);
    },
    remove: (client) => {
      recorder.remove(client);
      mediaSignalling.remove(client);
    },
  };
  const extension: MediaExtension = {
    controls: mediaSignalling,
    routes: [
      ...recordingRoutes(recorder.recordings, links),
      ...compositionRoutes(compositions, links),
    ],
    onRoomEvent: ({ type, room }) => {
      if (type === "recording-rules-changed") recorder.update(room);
      if (type === "room-ended") compositions.roomEnded(room);
    },
    onRecordedTracks: (room) => recorder.update(room),
    answer: (request, path) =>
      links.answer(request, path) ??
        (settings.renderGrids
          ? answerCompose(request, path, renderings, links)
          : null),
    onCompositionWanted: (room, hook) => compositions.createForHook(room, hook),
    settled: async () => {
      await recorder.settled();
      await compositions.settled();
    },
    close: async () => {
      // Compositions wait for recordings; both are in the recorder's folder.
      await recorder.stop();
      await compositions.close();
      await renderings.close();
      await recorder.close();
      await mediaSignalling.close();
      timers.close();
    },
  };
  core.plug(extension);
  return extension;
}
