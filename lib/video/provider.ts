/** A room at the video service. */
export interface Room {
  /** `RM…` */
  sid: string;
  name: string;
  status: "in-progress" | "completed" | "failed";
}

/** How a room is opened. */
export interface RoomOptions {
  /** Audio only: nobody can publish video. */
  voiceOnly: boolean;
}

/** Who may enter which room, and for how long the permission can be used. */
export interface Admission {
  roomName: string;
  identity: string;
  ttlSeconds: number;
}

/** Which service carries the media: Twilio's cloud, the built-in emulator of it, or none yet. */
export type VideoServiceName = "twilio" | "emulator" | "none";

/** What a browser must know of the video service before it connects; no secret is in here. */
export interface VideoClientConfig {
  service: VideoServiceName;
  /**
   * Path of the signalling socket on this very host, when it is not Twilio's
   * own; the SDK's `wsServer` option is made from it.
   */
  signalingPath: string | null;
}

/**
 * The video service as the rest of the product sees it. Failures are
 * `AppError`s: `video_unavailable` (try again), `video_rejected` (it will not
 * help to), `video_not_configured`.
 */
export interface VideoProvider {
  readonly client: VideoClientConfig;
  /** Opens the room, or returns the one that is already open under this name. */
  openRoom(name: string, options: RoomOptions): Promise<Room>;
  /** The room, or null if the service knows none of this sid. */
  fetchRoom(sid: string): Promise<Room | null>;
  /** Ends the room for everyone. Closing a room that is closed or gone is fine. */
  closeRoom(sid: string): Promise<void>;
  /** A short-lived token that admits one identity to one room. */
  createAccessToken(admission: Admission): string;
  /** Whether a status callback is signed by the video service; `url` is the public URL it was sent to. */
  isSigned(
    url: string,
    params: Record<string, string>,
    signature: string,
  ): boolean;
}
