import type { SetupSettings } from "@/lib/setup/settings.ts";
import type { SetupTarget } from "@/lib/setup/target.ts";

/** Why a server said nothing. */
export type Silence =
  | "timeout"
  | "name_unknown"
  | "not_trusted"
  | "cut_off"
  | "no_connection";

/** What came of asking a server over HTTP. */
export type Reply =
  | {
    answered: true;
    status: number;
    /** Twilio's error number, or null. */
    code: number | null;
    /** The body as JSON, or null. */
    body: unknown;
    /** Milliseconds it took. */
    ms: number;
    /** What the server's clock is ahead of ours, in milliseconds; negative if it is behind; null if it did not say. */
    aheadMs: number | null;
  }
  | { answered: false; silence: Silence };

/** What came of connecting to a room over the signalling socket. */
export type Admittance =
  | { state: "connected"; roomSid: string }
  | { state: "refused"; code: number }
  /** The gateway did not get to it: it was busy, hung up or said something else. */
  | { state: "unclear"; said: string }
  | { state: "silent"; silence: Silence };

/** What came of writing a key, reading it and deleting it. */
export interface StorageReply {
  kept: boolean;
  /** Milliseconds of one commit. */
  commitMs: number;
}

/**
 * How the checks look at the world. Each does one thing, says what came of it,
 * and never rejects; what it means is for the checks.
 */
export interface Probes {
  target: SetupTarget;
  settings: SetupSettings;
  /** e.g. `2.9.6` */
  denoVersion: string;
  /** Opens the storage. Answers what is wrong, or null. */
  openStorage(): Promise<string | null>;
  /** Writes a key of its own, reads it and deletes it. Answers null if that failed. */
  tryStorage(): Promise<StorageReply | null>;
  /** Asks the Video API without credentials. */
  knock(): Promise<Reply>;
  /** Asks for the account, by its auth token; asked again, it answers the same. */
  fetchAccount(): Promise<Reply>;
  /** Lists one of a kind, by the API key. */
  list(kind: "Rooms" | "Recordings" | "Compositions"): Promise<Reply>;
  /** Opens the room that the other probes use; asked again, it answers the same. */
  createRoom(): Promise<Reply>;
  fetchRoom(): Promise<Reply>;
  /** Sets recording rules for it that record nothing. */
  setRecordingRules(): Promise<Reply>;
  completeRoom(): Promise<Reply>;
  /** A token for that room. */
  createAccessToken(): string;
  /** Opens a signalling socket, and no more. Answers why that failed, or null. */
  openSocket(): Promise<Silence | null>;
  /** Connects to that room as a browser would. */
  join(): Promise<Admittance>;
  /** Connects to a room that nobody made. */
  joinMissingRoom(): Promise<Admittance>;
  /** Asks the app at its public address whether it is there. */
  fetchHealth(): Promise<Reply>;
  /** Sends the app a status callback of a room that it does not know. */
  sendCallback(signature: "right" | "wrong"): Promise<Reply>;
  /** Completes every room that was made, and lets go of everything. */
  close(): Promise<void>;
}
