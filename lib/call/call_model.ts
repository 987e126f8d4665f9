import {
  createModel,
  effect,
  type Model,
  type ModelConstructor,
  type Signal,
  signal,
} from "@preact/signals";
import type { CallCommand } from "@/lib/api_client.ts";
import type {
  ConnectionError,
  Connector,
  LineReport,
  LocalTracks,
  RemoteParticipant,
} from "@/lib/call/connection.ts";
import { type Failure, isTokenRefused, toFailure } from "@/lib/call/failure.ts";
import { isFinished, latest } from "@/lib/call/latest.ts";
import { type After, JOINED_ELSEWHERE, Lines } from "@/lib/call/lines.ts";
import type { LocalMedia } from "@/lib/call/local_media.ts";
import {
  calledName,
  comings,
  isUnanswered,
  personOf,
} from "@/lib/call/people.ts";
import {
  type CallEvent,
  type CallPhase,
  isTakingPart,
  nextPhase,
} from "@/lib/call/phase.ts";
import { switchNews } from "@/lib/call/switching.ts";
import type { ConsentVersion } from "@/lib/recordings/consent_version.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** The product's API, as far as a call needs it. */
export interface CallApi {
  requestAccess(id: string): Promise<AccessView>;
  commandSession(
    id: string,
    command: CallCommand,
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
  after: After;
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
  /** What became of switching to video, in words or as what did not work, until it is put away. */
  readonly notice: Signal<string | Failure | null>;
  readonly media: Model<LocalMedia>;
  /** Follows the session until stopped. */
  watch(): () => void;
  /** Begins the session; the doctor's. Answers whether it was this that did it: false also while another command is on its way. */
  start(): Promise<boolean>;
  /** Enters the room, or waits for the doctor. Asks for the devices first if need be. */
  join(): Promise<void>;
  /**
   * Says whether the session may be recorded, asked with this text; the last
   * word counts. Goes on with joining if that waits for it. Answers whether the server has it: false
   * also while another command is on its way.
   */
  consent(granted: boolean, text: ConsentVersion): Promise<boolean>;
  /** Asks the other one to switch from voice to video. The camera stays off until both have agreed. */
  offerVideo(): Promise<void>;
  /** Agrees to the other's question, or not; or takes the own one back. */
  answerVideo(accepted: boolean): Promise<void>;
  /** Goes out; the session stays as it is. */
  leave(): Promise<void>;
  /** Ends the session for everyone; the doctor's. Answers like `start`. */
  end(): Promise<boolean>;
  /** What goes over the line at this moment; null: there is no line. */
  inspect(): Promise<LineReport | null>;
  /** The page is going away. */
  unload(): void;
}

const ROOM_COMPLETED = 53118;

/** Where the question whether to record is in sight. Whoever is in the call has been asked, and finds it there. */
const ASKED_AT: readonly CallPhase[] = ["ready", "called"];

/** One call, from the device check to the end. Knows signals, but neither the DOM nor Twilio. */
export const CallModel: ModelConstructor<Call, [CallParts]> = createModel(
  (
    { session: first, seat, media, connector, api, isVisible, after }:
      CallParts,
  ): Call => {
    const phase = signal<CallPhase>(isFinished(first) ? "over" : "ready");
    const session = signal(first);
    const participants = signal<RemoteParticipant[]>([]);
    const failure = signal<Failure | null>(null);
    const quality = signal<number | null>(null);
    const announcement = signal("");
    const busy = signal(false);
    const asking = signal(false);
    const notice = signal<string | Failure | null>(null);
    /** Grows whenever an attempt to enter is given up: what arrives for an older one is too late. */
    let attempt = 0;
    let tokenRenewed = false;
    /** The call is being taken to another room. */
    let following = false;
    /** An answer about video is on its way. */
    let answering = false;

    const local = (): LocalTracks => ({
      camera: media.camera.value,
      microphone: media.microphone.value,
      microphoneOn: media.microphoneOn.value,
    });

    const lines = new Lines(connector, {
      onParticipants(present) {
        const said = comings(participants.value, present, nameOf);
        if (said !== "") announcement.value = said;
        participants.value = present;
      },
      onReconnecting: () => move("reconnect"),
      onReconnected: () => move("restore"),
      onQuality: (level) => quality.value = level,
      onLocalTrack: (track) => media.adopt(track),
      onDisconnected: (error) => void dropped(error),
    }, after);

    effect(() => lines.send(local()));

    /** Whether the event meant something. */
    function move(event: CallEvent): boolean {
      const before = phase.value;
      phase.value = nextPhase(before, event);
      return phase.value !== before;
    }

    function hangUp(): void {
      attempt++;
      lines.hangUp();
      participants.value = [];
      quality.value = null;
    }

    function nameOf(identity: string): string {
      return personOf(session.value, identity)?.name ?? "Somebody unknown";
    }

    function heard(view: SessionView): void {
      const before = session.value;
      session.value = latest(before, view);
      hearOfVideo(before, session.value);
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
      } else void follow();
    }

    function hearOfVideo(before: SessionView, now: SessionView): void {
      if (isFinished(now)) return;
      if (before.voice_only && !now.voice_only) media.allowCamera();
      if (!isOnLine()) return;
      const other = now[seat === "doctor" ? "patient" : "doctor"];
      const news = switchNews(before, now, {
        seat,
        other: calledName(now, other),
        answering,
      });
      if (news === null) return;
      announcement.value = news.words;
      notice.value = news.stays ? news.words : null;
    }

    function isOnLine(): boolean {
      return phase.value === "connected" || phase.value === "reconnecting";
    }

    /** Takes the call to the room where the session is now. The voice goes on meanwhile. */
    async function follow(): Promise<void> {
      if (following || !isOnLine()) return;
      const room = lines.roomName;
      if (room === null || room === session.value.room_name) return;
      following = true;
      const mine = attempt;
      try {
        const access = await api.requestAccess(first.id);
        if (mine !== attempt) return;
        const moving = lines.moveTo(access, local());
        // Both have agreed to be seen. Who then refuses the camera goes on by voice.
        if (!media.cameraOn.value) void media.toggleCamera();
        await moving;
      } catch {
        // The old room is closed in half a minute at most: then it is tried again.
      } finally {
        following = false;
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

    async function dropped(error: ConnectionError | null): Promise<void> {
      const room = lines.roomName;
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
      // The others have moved to another room, and this page did not hear of it.
      const isLeftBehind = room !== session.value.room_name;
      if (isLeftBehind || (isTokenRefused(error) && !tokenRenewed)) {
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

    /** Gets a token and a line for it; a refused token is renewed once. Answers false if it is to wait. */
    async function connect(mine: number): Promise<boolean> {
      const access = await api.requestAccess(first.id);
      if (access.waiting) return false;
      if (mine !== attempt) return true;
      try {
        await lines.enter(access, local());
      } catch (error) {
        if (!isTokenRefused(error) || mine !== attempt) throw error;
        const renewed = await api.requestAccess(first.id);
        if (mine === attempt) await lines.enter(renewed, local());
      }
      return true;
    }

    async function enter(): Promise<void> {
      const mine = ++attempt;
      failure.value = null;
      try {
        const isIn = await connect(mine);
        if (mine !== attempt) return;
        if (!isIn) {
          move("wait");
          // The doctor may have started while the answer was on its way.
          heard(session.value);
          return;
        }
        tokenRenewed = false;
        move("connect");
        // So may the call have moved.
        void follow();
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
      if (
        isUnanswered(session.value, seat) && ASKED_AT.includes(phase.value)
      ) {
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
      name: CallCommand,
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

    async function speakOfVideo(
      name: "video_offer" | "video_answer",
      body: unknown,
    ): Promise<void> {
      if (busy.value) return;
      notice.value = null;
      answering = true;
      await command(name, body).finally(() => answering = false);
      notice.value ??= failure.value;
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
      notice,
      media,
      join,
      start: () => command("start"),
      end: () => command("end"),
      offerVideo: () => speakOfVideo("video_offer", {}),
      inspect: () => lines.inspect(),
      answerVideo: (accepted) => speakOfVideo("video_answer", { accepted }),

      async consent(granted: boolean, text: ConsentVersion): Promise<boolean> {
        const isKnown = await command("consent", {
          granted,
          text_version: text,
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
