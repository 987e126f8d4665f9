import type {
  Connection,
  ConnectionError,
  ConnectionEvents,
  Connector,
  LineReport,
  LocalTracks,
  RemoteParticipant,
} from "@/lib/call/connection.ts";
import type { AccessView } from "@/lib/sessions/access.ts";

/** Calls back after so many milliseconds. Returns the way to stop it. */
export type After = (ms: number, run: () => void) => () => void;

/** The old line stays open for so long after the new one is used: the other side may not have heard from there yet. */
const LINGER_MS = 3_000;

/** One line into one room. */
interface Line {
  roomName: string;
  /** Null while it is being made. */
  connection: Connection | null;
  /** Everybody else in its room, as last told. */
  participants: RemoteParticipant[];
  /** It broke for good, and its successor is on the way. */
  isLost: boolean;
}

/**
 * The lines of one call. It has one, but while it moves to another room: then
 * there are two, so that the voice is not interrupted. What is seen and heard
 * comes from the old one until everybody has arrived in the new room.
 */
export class Lines {
  readonly #connector: Connector;
  readonly #events: ConnectionEvents;
  readonly #after: After;
  /** What is seen and heard. */
  #shown: Line | null = null;
  /** Where the call is moving to. */
  #next: Line | null = null;
  /** What it has left a moment ago. */
  #left: Line | null = null;
  #stopLingering: () => void = () => {};
  #local: LocalTracks = { camera: null, microphone: null, microphoneOn: true };

  /** The events tell of whatever line is shown. */
  constructor(connector: Connector, events: ConnectionEvents, after: After) {
    this.#connector = connector;
    this.#events = events;
    this.#after = after;
  }

  /** The room of the newest line, or null. */
  get roomName(): string | null {
    return (this.#next ?? this.#shown)?.roomName ?? null;
  }

  /** Enters a room. Answers false if it was hung up meanwhile. Throws `ConnectionError`. */
  async enter(access: AccessView, local: LocalTracks): Promise<boolean> {
    this.hangUp();
    this.#local = local;
    const line = newLine(access);
    this.#shown = line;
    return await this.#open(line, access, () => this.#shown === line);
  }

  /**
   * Makes a line to another room, and leaves the old one when nobody is missed
   * by that. Answers false if it was hung up meanwhile, or if it did not work:
   * the call stays where it is then.
   */
  async moveTo(access: AccessView, local: LocalTracks): Promise<boolean> {
    this.#local = local;
    const line = newLine(access);
    this.#next = line;
    try {
      const isOpen = await this.#open(line, access, () => this.#next === line);
      if (isOpen) this.#moveOver();
      return isOpen;
    } catch (error) {
      if (this.#next !== line) return false;
      this.#next = null;
      // Both are gone now.
      if (this.#shown?.isLost) {
        this.#events.onDisconnected(error as ConnectionError);
      }
      return false;
    }
  }

  /**
   * From now on send exactly this. The picture goes to the newest room only:
   * one that the call leaves for it takes none.
   */
  send(local: LocalTracks): void {
    this.#local = local;
    for (const line of [this.#shown, this.#next, this.#left]) {
      line?.connection?.send(this.#localFor(line));
    }
  }

  /** Looks at the line that is shown; null: there is none. */
  async inspect(): Promise<LineReport | null> {
    return await this.#shown?.connection?.inspect() ?? null;
  }

  /** Hangs up, whatever is open or being made. No event follows. */
  hangUp(): void {
    const lines = [this.#shown, this.#next];
    this.#shown = this.#next = null;
    for (const line of lines) line?.connection?.disconnect();
    this.#dropLeft();
  }

  async #open(
    line: Line,
    access: AccessView,
    isWanted: () => boolean,
  ): Promise<boolean> {
    const connection = await this.#connector.connect(
      access,
      this.#localFor(line),
      this.#listenTo(line),
    );
    if (!isWanted()) {
      connection.disconnect();
      return false;
    }
    line.connection = connection;
    connection.send(this.#localFor(line));
    return true;
  }

  #localFor(line: Line): LocalTracks {
    return line.roomName === this.roomName
      ? this.#local
      : { ...this.#local, camera: null };
  }

  /** What an abandoned line still has to say does not matter any more. */
  #listenTo(line: Line): ConnectionEvents {
    const events = this.#events;
    const isShown = () => this.#shown === line;
    return {
      onParticipants: (present) => {
        line.participants = present;
        if (!this.#moveOver() && isShown()) events.onParticipants(present);
      },
      onReconnecting: () => {
        if (isShown()) events.onReconnecting();
      },
      onReconnected: () => {
        if (isShown()) events.onReconnected();
      },
      onQuality: (level) => {
        if (isShown()) events.onQuality(level);
      },
      onLocalTrack: (track) => {
        if (isShown() || this.#next === line) events.onLocalTrack(track);
      },
      onDisconnected: (error) => this.#over(line, error),
    };
  }

  #over(line: Line, error: ConnectionError | null): void {
    if (this.#shown === line) {
      line.isLost = true;
      if (this.#moveOver()) return;
      if (this.#next === null) return this.#events.onDisconnected(error);
      line.participants = [];
      this.#events.onParticipants([]);
      this.#events.onReconnecting();
    } else if (this.#next === line) {
      this.#next = null;
      // Not a room that broke, but a person who is elsewhere now, or both lines gone.
      if (this.#shown?.isLost || error?.code === JOINED_ELSEWHERE) {
        this.#events.onDisconnected(error);
      }
    }
  }

  /** Uses the new line from now on, if it is there and nobody is missed by that. */
  #moveOver(): boolean {
    const [from, to] = [this.#shown, this.#next];
    if (from === null || to?.connection == null) return false;
    if (!from.isLost && !areAllHere(from.participants, to.participants)) {
      return false;
    }
    this.#shown = to;
    this.#next = null;
    this.#dropLeft();
    if (!from.isLost) {
      this.#left = from;
      this.#stopLingering = this.#after(LINGER_MS, () => this.#dropLeft());
    }
    this.#events.onParticipants(to.participants);
    this.#events.onReconnected();
    return true;
  }

  #dropLeft(): void {
    this.#stopLingering();
    this.#left?.connection?.disconnect();
    this.#left = null;
  }
}

/** Somebody joined with the same identity: the video service's number. */
export const JOINED_ELSEWHERE = 53205;

function newLine({ room_name: roomName }: AccessView): Line {
  return { roomName, connection: null, participants: [], isLost: false };
}

/** Whether everybody of the old room is in the new one, and is heard there if they were heard. */
export function areAllHere(
  before: readonly RemoteParticipant[],
  now: readonly RemoteParticipant[],
): boolean {
  return before.every(({ identity, audio }) => {
    const here = now.find((one) => one.identity === identity);
    return here !== undefined && (audio === null || here.audio !== null);
  });
}
