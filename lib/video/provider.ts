/** A room at the video service. */
export interface Room {
  /** `RM…` */
  sid: string;
  name: string;
  status: "in-progress" | "completed" | "failed";
  /** ISO. */
  createdAt: string;
}

/** A room that is open. */
export interface OpenRoom extends Room {
  /** Its status callbacks come here: certainly opened by this installation. */
  isOurs: boolean;
}

/** How a room is opened. */
export interface RoomOptions {
  /** Audio only: nobody can publish video. */
  voiceOnly: boolean;
}

/** Somebody in a room. Who comes back is a participant anew. */
export interface Participant {
  /** `PA…` */
  sid: string;
  identity: string;
}

/** One person's picture and sound as one file, made after the end. */
export interface Composition {
  /** `CJ…` */
  sid: string;
  status: "processing" | "ready" | "failed";
  /** Null until it is ready; counted from the start of the room. */
  durationSeconds: number | null;
  /** Null until it is ready. */
  sizeBytes: number | null;
}

/** What was recorded of one track without a pause. */
export interface TrackRecording {
  /** `RT…` */
  sid: string;
  participantSid: string;
  kind: "audio" | "video";
  status: "processing" | "completed" | "failed" | "deleted";
  /** ISO, in whole seconds. */
  startedAt: string;
  /** Milliseconds since a moment that all recordings of the service share. */
  offsetMs: number;
  /** Null until it is completed. */
  durationSeconds: number | null;
}

/** Who may enter which room, and for how long the permission can be used. */
export interface Admission {
  roomName: string;
  identity: string;
  ttlSeconds: number;
}

/** Which service carries the media: Twilio's cloud, an emulator of it, or none yet. */
export type VideoServiceName = "twilio" | "emulator" | "none";

/** What a browser must know of the video service before it connects; no secret is in here. */
export interface VideoClientConfig {
  service: VideoServiceName;
  /**
   * The signalling socket, when it is not Twilio's own: a path on this very
   * host, or a whole address. The SDK's `wsServer` option is made from it.
   */
  signaling: string | null;
}

/** The rooms of the video service, and who is in them. */
export interface VideoRooms {
  /** Opens the room, which records nothing yet, or returns the one that is already open under this name. */
  openRoom(name: string, options: RoomOptions): Promise<Room>;
  /** The room, or null if the service knows none; by name only while it is open. */
  fetchRoom(sidOrName: string): Promise<Room | null>;
  /** Ends the room for everyone. Closing a room that is closed or gone is fine. */
  closeRoom(sidOrName: string): Promise<void>;
  /** Every open room of the account, which may be shared with other installations. */
  listOpenRooms(): Promise<OpenRoom[]>;
  /** Who is in the room now, or everybody who ever was. */
  listParticipants(
    roomSid: string,
    who?: "connected" | "everybody",
  ): Promise<Participant[]>;
  /** Puts somebody out; their permission to enter stays. Gone already is fine. */
  removeParticipant(roomSid: string, participantSid: string): Promise<void>;
}

/** What the video service records of rooms. */
export interface VideoRecordings {
  /** Records everybody from now on, or nobody. To stop it in a room that is over is fine. */
  setRecording(roomSid: string, on: boolean): Promise<void>;
  /** What was recorded in the room, but for what was deleted. */
  listRecordings(roomSid: string): Promise<TrackRecording[]>;
  /** Deletes the media. Gone already is fine. */
  deleteRecording(recordingSid: string): Promise<void>;
  /**
   * Has one file made of what was recorded of one person, who may have been
   * in the room several times. Its time begins with the room's and stands
   * still for nothing: all files of a room are in step. Asked for again, it is
   * the same file, unless that failed.
   */
  compose(
    roomSid: string,
    participantSids: readonly string[],
    options: { voiceOnly: boolean },
  ): Promise<Composition>;
  /** The composition, or null if there is none, or none any more. */
  fetchComposition(sid: string): Promise<Composition | null>;
  /** What was composed of the room, but for what was deleted. */
  listCompositions(roomSid: string): Promise<Composition[]>;
  /** Deletes the media. Gone already is fine. */
  deleteComposition(sid: string): Promise<void>;
  /**
   * Streams the file of a composition, or null if there is none, or none any
   * more. The answer is 200, 206 or 416 and has
   * no headers but content-type, content-length, content-range and
   * accept-ranges.
   *
   * @param range The browser's `Range` header.
   * @param signal Ends the stream.
   */
  openMedia(
    compositionSid: string,
    range: string | null,
    signal?: AbortSignal,
  ): Promise<Response | null>;
}

/**
 * The video service as the rest of the product sees it. Failures are
 * `AppError`s: `video_unavailable` (try again), `video_rejected` (it will not
 * help to), `video_not_configured`.
 */
export interface VideoProvider extends VideoRooms, VideoRecordings {
  readonly client: VideoClientConfig;
  /** A short-lived token that admits one identity to one room. */
  createAccessToken(admission: Admission): string;
  /** Whether a status callback is signed by the video service; `url` is the public URL it was sent to. */
  isSigned(
    url: string,
    params: Record<string, string>,
    signature: string,
  ): boolean;
}
