import { isOver } from "@/lib/sessions/session.ts";
import type { CallApi } from "@/lib/call/call_model.ts";
import { CallModel } from "@/lib/call/call_model.ts";
import type {
  Connection,
  ConnectionEvents,
  Connector,
  LineReport,
  LocalTracks,
  RemoteParticipant,
} from "@/lib/call/connection.ts";
import type {
  Device,
  DeviceAccess,
  DeviceRequest,
  MediaKind,
  Permission,
} from "@/lib/call/device_access.ts";
import { LocalMediaModel } from "@/lib/call/local_media.ts";
import type { AccessView } from "@/lib/sessions/access.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** A session as a participant sees it; the test says what matters to it. */
export function aView(changes: Partial<SessionView> = {}): SessionView {
  return {
    id: "01SESSION",
    rev: 1,
    visit_id: "01VISIT",
    doctor: { id: "01DOCTOR", name: "Dr Meera Rao" },
    patient: { id: "01PATIENT", name: "Asha Kumar" },
    reason: "Cough",
    status: "IN_PROGRESS",
    scheduled_start: "2026-11-20T12:00:00.000Z",
    started_at: "2026-11-20T12:00:00.000Z",
    // What is over has ended at some time.
    ended_at: isOver(changes.status ?? "IN_PROGRESS")
      ? "2026-11-21T12:30:00.000Z"
      : null,
    duration_seconds: null,
    end_reason: null,
    voice_only: false,
    video_offer: null,
    video_pending: false,
    recording: {
      requested: false,
      active: false,
      state: "none",
      consents: { doctor: null, patient: null },
      duration_seconds: null,
    },
    start_pending: false,
    on_demand: false,
    call_id: null,
    returns_to_line: false,
    attendance: { doctor: [], patient: [] },
    no_show: [],
    room_name: "bs-7f3k",
    presence: { doctor: null, patient: null },
    actions: ["join"],
    created_at: "2026-11-20T11:00:00.000Z",
    ...changes,
  };
}

/** What is different of a session whose call has switched to video. */
export const MOVED = { voice_only: false, room_name: "bs-video" };

/** Somebody in the room whose camera and microphone are on. */
export function aParticipant(
  changes: Partial<RemoteParticipant> = {},
): RemoteParticipant {
  return {
    identity: "01PATIENT",
    camera: "on",
    microphone: "on",
    video: null,
    audio: null,
    reconnecting: false,
    ...changes,
  };
}

/** A track that knows whether it was stopped and can be taken away. */
export class FakeTrack extends EventTarget {
  readyState: "live" | "ended" = "live";
  readonly kind: "audio" | "video";
  readonly id: string;

  constructor(kind: "audio" | "video", id: string) {
    super();
    this.kind = kind;
    this.id = id;
  }

  stop(): void {
    this.readyState = "ended";
  }

  /** As when the cable is pulled. */
  takeAway(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}

/** The fake behind a track of a model. */
export function fakeOf(track: MediaStreamTrack | null): FakeTrack {
  if (track === null) throw new Error("There is no track");
  return track as unknown as FakeTrack;
}

/** Devices that do as they are told and write down what they were asked. */
export class FakeDevices implements DeviceAccess {
  readonly asked: DeviceRequest[] = [];
  readonly permissions: Record<MediaKind, Permission> = {
    camera: "prompt",
    microphone: "prompt",
  };
  /** Errors by what was asked: `camera`, `microphone`, or both joined by `+`. */
  readonly refuse = new Map<string, DOMException>();
  changed: () => void = () => {};
  #count = 0;

  permission(kind: MediaKind): Promise<Permission> {
    return Promise.resolve(this.permissions[kind]);
  }

  open(request: DeviceRequest): Promise<MediaStreamTrack[]> {
    this.asked.push(request);
    const kinds = Object.keys(request).toSorted() as MediaKind[];
    const refusal = this.refuse.get(kinds.join("+"));
    if (refusal !== undefined) return Promise.reject(refusal);
    return Promise.resolve(kinds.map((kind) =>
      new FakeTrack(
        kind === "camera" ? "video" : "audio",
        `${kind}-${++this.#count}`,
      ) as unknown as MediaStreamTrack
    ));
  }

  list(): Promise<Device[]> {
    return Promise.resolve([{
      id: "front",
      kind: "camera",
      label: "Front camera",
    }]);
  }

  watch(onChange: () => void): () => void {
    this.changed = onChange;
    return () => {};
  }
}

/** A line that writes down what it was asked, and says what the test lets it say. */
export class FakeLine implements Connector {
  readonly log: string[] = [];
  readonly sent: LocalTracks[] = [];
  /** What the next attempts to connect answer; `undefined` is success. */
  readonly answers: (Error | undefined)[] = [];
  /** Set to hold the next attempt until it is called. */
  gate: Promise<void> = Promise.resolve();
  events: ConnectionEvents | null = null;
  /** What the line tells of itself. */
  report: LineReport = {
    sent: { camera: null, microphone: null },
    received: new Map(),
  };

  prepare(): void {
    this.log.push("prepare");
  }

  async connect(
    access: AccessView,
    local: LocalTracks,
    events: ConnectionEvents,
  ): Promise<Connection> {
    this.log.push(`connect ${access.token}`);
    await this.gate;
    const refusal = this.answers.shift();
    if (refusal !== undefined) throw refusal;
    this.events = events;
    this.sent.push(local);
    return {
      send: (wanted) => void this.sent.push(wanted),
      inspect: () => Promise.resolve(this.report),
      disconnect: () => void this.log.push("disconnect"),
    };
  }
}

/** A server that remembers what it was asked; `session` is what it knows. */
export class FakeApi implements CallApi {
  readonly log: string[] = [];
  session: SessionView;
  waiting = false;
  /** Holds the answers to requests for access and to commands. */
  gate: Promise<void> = Promise.resolve();
  /** Thrown by the next call with this name. */
  readonly refuse = new Map<string, Error>();
  tell: (session: SessionView) => void = () => {};
  /** What was answered to the question whether to record. */
  readonly answers: unknown[] = [];
  readonly #seat: Seat;
  #tokens = 0;

  constructor(session: SessionView, seat: Seat) {
    this.session = session;
    this.#seat = seat;
  }

  #note(what: string): void {
    this.log.push(what);
    this.#mayRefuse(what);
  }

  #mayRefuse(what: string): void {
    const refusal = this.refuse.get(what);
    this.refuse.delete(what);
    if (refusal !== undefined) throw refusal;
  }

  async requestAccess(id: string): Promise<AccessView> {
    this.#note("access");
    const { waiting } = this;
    await this.gate;
    return {
      token: `token-${++this.#tokens}`,
      room_name: this.session.room_name,
      session_id: id,
      identity: "01DOCTOR",
      expires_at: "2026-11-20T12:10:00.000Z",
      waiting,
    };
  }

  async commandSession(
    _id: string,
    command: string,
    body?: unknown,
  ): Promise<SessionView> {
    this.log.push(command);
    await this.gate;
    this.#mayRefuse(command);
    if (command === "consent") this.#consent(body as { granted: boolean });
    if (command === "video_offer") {
      const video_offer = { by: this.#seat, at: "2026-11-20T12:00:00.000Z" };
      this.#change({ video_offer });
    }
    if (command === "video_answer") {
      const { accepted } = body as { accepted: boolean };
      this.#change({ video_offer: null, ...(accepted ? MOVED : {}) });
    }
    if (command === "start") {
      this.#change({ status: "IN_PROGRESS" });
    }
    if (command === "end") {
      const ended_at = "2026-11-21T12:30:00.000Z";
      this.#change({ status: "COMPLETED", ended_at });
    }
    return this.session;
  }

  #consent(body: { granted: boolean }): void {
    this.answers.push(body);
    const { recording } = this.session;
    const consent = {
      granted: body.granted,
      at: "2026-11-20T12:00:00.000Z",
    };
    const consents = { ...recording.consents, [this.#seat]: consent };
    this.#change({ recording: { ...recording, consents } });
  }

  #change(changes: Partial<SessionView>): void {
    this.session = { ...this.session, ...changes, rev: this.session.rev + 1 };
  }

  // deno-lint-ignore require-await -- throws as a promise, like the real one
  async fetchSession(): Promise<SessionView> {
    this.#note("fetch");
    return this.session;
  }

  watchSession(
    _id: string,
    onChange: (session: SessionView) => void,
  ): () => void {
    this.tell = onChange;
    return () => this.log.push("unwatch");
  }

  leaveOnUnload(): void {
    this.log.push("beacon");
  }
}

/** A call with everything around it faked. */
export function aCall(
  changes: Partial<SessionView> = {},
  seat: Seat = "doctor",
) {
  const session = aView(changes);
  const devices = new FakeDevices();
  const media = new LocalMediaModel(devices, session.voice_only);
  const line = new FakeLine();
  const api = new FakeApi(session, seat);
  /** `later`: what is to happen when time passes. */
  const page = { visible: true, later: () => {} };
  const call = new CallModel({
    session,
    seat,
    media,
    connector: line,
    api,
    isVisible: () => page.visible,
    after: (_ms, run) => {
      page.later = run;
      return () => page.later = () => {};
    },
  });
  call.watch();
  return { call, media, devices, line, api, page, session };
}

/** Lets everything that is only waiting for a promise go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
