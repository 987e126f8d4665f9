import type { LocalAudioTrack, LocalVideoTrack, Room } from "twilio-video";
import type { ConnectionEvents, LocalTracks } from "@/lib/call/connection.ts";
import type { Sdk } from "@/lib/call/sdk.ts";

/**
 * Keeps what the SDK publishes equal to what the call wants to send.
 *
 * A camera that goes off is first disabled, which the other side sees, and
 * then stopped together with the SDK's clone of it, which puts out its light.
 * Coming back, the same publication gets a new track, so that the other side
 * has nothing to subscribe to again.
 */
export class Sender {
  readonly #sdk: Sdk;
  readonly #events: ConnectionEvents;
  #room: Room | null = null;
  #video: LocalVideoTrack | null = null;
  #audio: LocalAudioTrack | null = null;
  #wanted: LocalTracks = { camera: null, microphone: null, microphoneOn: true };
  #running = false;
  /** What the SDK gets when it asks for media the next time. */
  #next: MediaStreamTrack | null = null;
  /** What the SDK opened by itself and has not begun to use. */
  readonly #reopened = new Set<MediaStreamTrack>();

  constructor(sdk: Sdk, events: ConnectionEvents) {
    this.#sdk = sdk;
    this.#events = events;
  }

  /** The tracks to enter the room with. */
  async prepare(
    local: LocalTracks,
  ): Promise<(LocalAudioTrack | LocalVideoTrack)[]> {
    this.#wanted = local;
    if (local.microphone !== null) {
      this.#audio = await this.#create(local.microphone) as LocalAudioTrack;
      if (!local.microphoneOn) this.#audio.disable();
    }
    if (local.camera !== null) {
      this.#video = await this.#create(local.camera) as LocalVideoTrack;
    }
    return [this.#audio, this.#video].filter((track) => track !== null);
  }

  enter(room: Room): void {
    this.#room = room;
    this.send(this.#wanted);
  }

  send(wanted: LocalTracks): void {
    this.#wanted = wanted;
    // Being heard or seen ends at once, whatever else is under way.
    if (wanted.microphone === null || !wanted.microphoneOn) {
      this.#audio?.disable();
    }
    if (wanted.camera === null) this.#video?.disable();
    if (!this.#running) void this.#settle();
  }

  /** One change after the other, until nothing is left to change. */
  async #settle(): Promise<void> {
    if (this.#room === null) return;
    this.#running = true;
    try {
      for (let done: LocalTracks | null = null; done !== this.#wanted;) {
        const wanted = done = this.#wanted;
        this.#audio = await this.#fit(this.#audio, wanted.microphone) as
          | LocalAudioTrack
          | null;
        this.#video = await this.#fit(this.#video, wanted.camera) as
          | LocalVideoTrack
          | null;
      }
    } catch {
      // The device went away under our hands; the device model notices and says so.
    } finally {
      this.#running = false;
    }
    const { camera, microphone, microphoneOn } = this.#wanted;
    this.#audio?.enable(microphone !== null && microphoneOn);
    this.#video?.enable(camera !== null);
  }

  async #fit(
    local: LocalAudioTrack | LocalVideoTrack | null,
    wanted: MediaStreamTrack | null,
  ): Promise<LocalAudioTrack | LocalVideoTrack | null> {
    if (wanted === null) {
      local?.disable();
      local?.stop();
      return local;
    }
    if (local === null) {
      const made = await this.#create(wanted);
      await this.#room?.localParticipant.publishTrack(made);
      return made;
    }
    if (local.mediaStreamTrack !== wanted) {
      this.#next = wanted;
      await local.restart();
    }
    return local;
  }

  /** An SDK track for media that is open already. */
  async #create(
    track: MediaStreamTrack,
  ): Promise<LocalAudioTrack | LocalVideoTrack> {
    this.#next = track;
    const isAudio = track.kind === "audio";
    const [local] = await this.#sdk.createLocalTracks({
      // Which microphone is the person's choice; the SDK shall not follow the system's default.
      audio: isAudio && { defaultDeviceCaptureMode: "manual" },
      video: !isAudio,
      getUserMedia: (constraints) => this.#getUserMedia(constraints),
    });
    const made = local as LocalAudioTrack | LocalVideoTrack;
    made.on("started", () => {
      if (this.#reopened.delete(made.mediaStreamTrack)) {
        this.#events.onLocalTrack(made.mediaStreamTrack);
      }
    });
    return made;
  }

  /** Hands the SDK the track it is to use; when it asks by itself (iOS after a phone call), a new one. */
  async #getUserMedia(
    { audio, video }: MediaStreamConstraints,
  ): Promise<MediaStream> {
    const track = this.#next;
    this.#next = null;
    if (track !== null) return new MediaStream([track]);
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: Boolean(audio),
      video: video ? { width: 640, facingMode: "user" } : false,
    });
    stream.getTracks().forEach((opened) => this.#reopened.add(opened));
    return stream;
  }
}
