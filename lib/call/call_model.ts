import {
  createModel,
  effect,
  type Model,
  type ModelConstructor,
  type Signal,
  signal,
} from "@preact/signals";
import type { SessionCommand } from "@/lib/api_client.ts";
import type {
  Connection,
  ConnectionError,
  ConnectionEvents,
  Connector,
  LocalTracks,
  RemoteParticipant,
} from "@/lib/call/connection.ts";
import { type Failure, isTokenRefused, toFailure } from "@/lib/call/failure.ts";
import { isFinished, latest } from "@/lib/call/latest.ts";
import type { LocalMedia } from "@/lib/call/local_media.ts";
import { comings, isUnanswered, personOf } from "@/lib/call/people.ts";
import {
  type CallEvent,
  type CallPhase,
  isTakingPart,
  nextPhase,
} from "@/lib/call/phase.ts";
import { CONSENT_VERSION } from "@/lib/recordings/consent_text.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** The product's API, as far as a call needs it. */
export interface CallApi {
  requestAccess(id: string): Promise<AccessView>;
  commandSession(
    id: string,
    command: SessionCommand | "consent",
    body?: unknown,
  ): Promise<SessionView>;
  fetchSession(id: string): Promise<SessionView>;
  watchSession(
    id: string,
    onChange: (session: SessionView) => void,
  ): () => void;
  leaveOnUnload(id: string): void;
}

/** What a call is made of. */
export interface CallParts {
  session: SessionView;
  /** Whose part it is. */
  seat: Seat;
  media: Model<LocalMedia>;
  connector: Connector;
  api: CallApi;
  /** Whether the person has the page in sight. */
  isVisible(): boolean;
}

/** One person's part in one session on this page. */
export interface Call {
  readonly phase: Signal<CallPhase>;
  /** The session as the server last told it. */
  readonly session: Signal<SessionView>;
  /** Everybody else in the room. */
  readonly participants: Signal<RemoteParticipant[]>;
  /** Why the call does not go on, or why the last command did not work. */
  readonly failure: Signal<Failure | null>;
  /** How good the line is, 1 to 5; null: not measured. */
  readonly quality: Signal<number | null>;
  /** The last that is to be said aloud. */
  readonly announcement: Signal<string>;
  /** A command is on its way. */
  readonly busy: Signal<boolean>;
  /** Joining waits for an answer to the question whether to record. */
  readonly asking: Signal<boolean>;
  readonly media: Model<LocalMedia>;
  /** Follows the session until stopped. */
  watch(): () => void;
  /** Begins the session; the doctor's. Answers whether it was this that did it: false also while another command is on its way. */
  start(): Promise<boolean>;
  /** Enters the room, or waits for the doctor. Asks for the devices first if need be. */
  join(): Promise<void>;
  /**
   * Says whether the session may be recorded; the last word counts. Goes on
   * with joining if that waits for it. Answers whether the server has it: false
   * also while another command is on its way.
   */
  consent(granted: boolean): Promise<boolean>;
  /** Goes out; the session stays as it is. */
  leave(): Promise<void>;
  /** Ends the session for everyone; the doctor's. Answers like `start`. */
  end(): Promise<boolean>;
  /** The page is going away. */
  unload(): void;
}

const ROOM_COMPLETED = 53118;
const JOINED_ELSEWHERE = 53205;

/** One call, from the device check to the end. Knows signals, but neither the DOM nor Twilio. */
export const CallModel: ModelConstructor<Call, [CallParts]> = createModel(
  (
    { session: first, seat, media, connector, api, isVisible }: CallParts,
  ): Call => {
    const phase = signal<CallPhase>(isFinished(first) ? "over" : "ready");
    const session = signal(first);
    const participants = signal<RemoteParticipant[]>([]);
    const failure = signal<Failure | null>(null);
    const quality = signal<number | null>(null);
    const announcement = signal("");
    const busy = signal(false);
    const asking = signal(false);
    const connection = signal<Connection | null>(null);
    /** Grows whenever an attempt to enter is given up: what arrives for an older one is too late. */
    let attempt = 0;
    let tokenRenewed = false;

    const local = (): LocalTracks => ({
      camera: media.camera.value,
      microphone: media.microphone.value,
      microphoneOn: media.microphoneOn.value,
    });

    effect(() => connection.value?.send(local()));

    /** Whether the event meant something. */
    function move(event: CallEvent): boolean {
      const before = phase.value;
      phase.value = nextPhase(before, event);
      return phase.value !== before;
    }

    function hangUp(): void {
      attempt++;
      connection.value?.disconnect();
      connection.value = null;
      participants.value = [];
      quality.value = null;
    }

    function nameOf(identity: string): string {
      return personOf(session.value, identity)?.name ?? "Somebody unknown";
    }

    function heard(view: SessionView): void {
      session.value = latest(session.value, view);
      if (isFinished(session.value)) {
        if (!move("finish")) return;
        failure.value = null;
        hangUp();
        media.close();
      } else if (
        phase.value === "waiting" && session.value.status === "IN_PROGRESS"
      ) {
        if (isVisible()) {
          move("join");
          void enter();
        } else move("call");
      }
    }

    /** Says again that somebody waits, when the line was away for so long that the clinic thinks otherwise. */
    function keepWaiting({ status, presence }: SessionView): void {
      if (phase.value !== "waiting" || status !== "SCHEDULED") return;
      if (presence.patient?.state !== "disconnected") return;
      void api.requestAccess(first.id).catch(() => {});
    }

    async function refresh(): Promise<void> {
      await api.fetchSession(first.id).then(heard, () => {});
    }

    const events = (mine: number): ConnectionEvents => {
      // What an abandoned line still has to say does not matter any more.
      const live = (tell: () => void) => () => {
        if (mine === attempt) tell();
      };
      return {
        onParticipants: (present) =>
          live(() => {
            const said = comings(participants.value, present, nameOf);
            if (said !== "") announcement.value = said;
            participants.value = present;
          })(),
        onReconnecting: live(() => move("reconnect")),
        onReconnected: live(() => move("restore")),
        onQuality: (level) => live(() => quality.value = level)(),
        onLocalTrack: (track) => live(() => media.adopt(track))(),
        onDisconnected: (error) => live(() => void dropped(error))(),
      };
    };

    async function dropped(error: ConnectionError | null): Promise<void> {
      hangUp();
      if (error?.code === JOINED_ELSEWHERE) {
        move("replace");
        media.close();
        return;
      }
      if (error !== null && error.code !== ROOM_COMPLETED) {
        failure.value = toFailure(error);
      }
      // The doctor may have ended it; only the server knows.
      await refresh();
      if (!move("drop")) return;
      if (isTokenRefused(error) && !tokenRenewed) {
        tokenRenewed = true;
        await join();
      } else if (failure.value === null) {
        failure.value = {
          from: "room",
          code: String(error?.code ?? 0),
          message: error?.message ?? "Disconnected",
        };
      }
    }

    /** Gets a token and a line for it; a refused token is renewed once. */
    async function connect(mine: number): Promise<Connection | null> {
      const access = await api.requestAccess(first.id);
      if (access.waiting) return null;
      try {
        return await connector.connect(access, local(), events(mine));
      } catch (error) {
        if (!isTokenRefused(error) || mine !== attempt) throw error;
        return await connector.connect(
          await api.requestAccess(first.id),
          local(),
          events(mine),
        );
      }
    }

    async function enter(): Promise<void> {
      const mine = ++attempt;
      failure.value = null;
      try {
        const line = await connect(mine);
        if (mine !== attempt) return line?.disconnect();
        if (line === null) {
          move("wait");
          // The doctor may have started while the answer was on its way.
          heard(session.value);
          return;
        }
        connection.value = line;
        tokenRenewed = false;
        move("connect");
      } catch (error) {
        if (mine !== attempt) return;
        failure.value = toFailure(error);
        await refresh();
        if (failure.value?.code === String(JOINED_ELSEWHERE)) move("replace");
        else move("fail");
      }
    }

    async function join(): Promise<void> {
      if (busy.value || nextPhase(phase.value, "join") === phase.value) return;
      // Nobody is recorded who was not asked before.
      if (isUnanswered(session.value, seat)) {
        asking.value = true;
        return;
      }
      connector.prepare();
      if (!media.isComplete.value) {
        busy.value = true;
        await media.open().finally(() => busy.value = false);
        // What to do about it is the person's decision, not ours.
        if (media.failure.value !== null) return;
      }
      if (move("join")) await enter();
    }

    /** Whether the server did it. A command while another is on its way is not even sent. */
    async function command(
      name: SessionCommand | "consent",
      body?: unknown,
    ): Promise<boolean> {
      if (busy.value) return false;
      busy.value = true;
      failure.value = null;
      try {
        heard(await api.commandSession(first.id, name, body));
        return true;
      } catch (error) {
        failure.value = toFailure(error);
        await refresh();
        return false;
      } finally {
        busy.value = false;
      }
    }

    return {
      phase,
      session,
      participants,
      failure,
      quality,
      announcement,
      busy,
      asking,
      media,
      join,
      start: () => command("start"),
      end: () => command("end"),

      async consent(granted: boolean): Promise<boolean> {
        const isKnown = await command("consent", {
          granted,
          text_version: CONSENT_VERSION,
        });
        // An answer that failed on its way back may still have arrived.
        if (asking.value && !isUnanswered(session.value, seat)) {
          asking.value = false;
          await join();
        }
        return isKnown;
      },

      watch(): () => void {
        if (isFinished(first)) return () => {};
        return api.watchSession(first.id, (view) => {
          heard(view);
          keepWaiting(view);
        });
      },

      async leave(): Promise<void> {
        if (!move("leave")) return;
        hangUp();
        media.close();
        // Whether the server heard it or not, this person is out.
        await api.commandSession(first.id, "leave").then(heard, () => {});
      },

      unload(): void {
        if (!isTakingPart(phase.value)) return;
        hangUp();
        api.leaveOnUnload(first.id);
      },
    };
  },
);
