import type { Role } from "@/lib/accounts/account.ts";
import type {
  CallRequest,
  CallSeat,
  CallStatus,
} from "@/lib/calls/call_request.ts";
import type { ErrorCode } from "@/lib/errors.ts";
import type { Seat, Session, SessionStatus } from "@/lib/sessions/session.ts";
import type { VisitStatus } from "@/lib/visits/visit.ts";

/**
 * What comes of an operation for whoever may do it. `offered`: it works, and
 * there is a button for it. `works`: it works, but is not offered, since it
 * changes nothing or is no button. Anything else is the code of the refusal.
 */
export type Verdict = "offered" | "works" | ErrorCode;

/** Where an operation is asked for: method and path, with the id of what it is about as `{id}`, wherever in the request that stands. */
export type Face = `${
  | "GET"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"} /${string}`;

/** What an operation takes besides the status. */
export interface Condition<Thing, S extends string = Seat> {
  /** In words, after "if". */
  words: string;
  holds(thing: Thing, seat: S): boolean;
  /** What comes of it where it would be offered, but for this. */
  otherwise: Verdict;
}

/** Who may do one thing with a record, and when. Whoever has no seat there learns nothing, not even that it exists. */
export interface Row<
  Status extends string,
  Thing = unknown,
  S extends string = Seat,
> {
  /** In words. */
  what: string;
  /**
   * What comes of it by seat and status; a seat that is not here is refused
   * `role_forbidden`, and nobody is in a seat in a status that is not here.
   */
  seats: Partial<Record<S, Partial<Record<Status, Verdict>>>>;
  given?: Condition<Thing, S>;
  /** Where it is done. */
  faces: readonly Face[];
  /** Pages from which it is done: open to whoever may do it, in every status. */
  forms?: readonly Face[];
}

/** Who may do one thing that is about no record in particular. */
export interface ClinicRow {
  /** In words. */
  what: string;
  /** Roles that may; `anyone` need not be signed in, and `video` is the video service, which signs what it says. */
  roles: readonly Role[] | "anyone" | "video";
  faces: readonly Face[];
}

/** What comes of it in each status of a session, in the order of `SessionStatus`. */
function session(
  SCHEDULED: Verdict,
  IN_PROGRESS: Verdict,
  COMPLETED: Verdict,
  CANCELLED: Verdict,
  FAILED: Verdict,
): Record<SessionStatus, Verdict> {
  return { SCHEDULED, IN_PROGRESS, COMPLETED, CANCELLED, FAILED };
}

/** What comes of it in an OPEN and in a CLOSED visit. */
function visit(OPEN: Verdict, CLOSED: Verdict): Record<VisitStatus, Verdict> {
  return { OPEN, CLOSED };
}

/** What comes of it while a call request waits, and once it was accepted, cancelled or expired. */
function call(
  WAITING: Verdict,
  ACCEPTED: Verdict,
  CANCELLED: Verdict,
  EXPIRED: Verdict,
): Record<CallStatus, Verdict> {
  return { WAITING, ACCEPTED, CANCELLED, EXPIRED };
}

const ALWAYS = session("works", "works", "works", "works", "works");
const NEVER_AGAIN = "invalid_transition";
const V1 = "/api/v1/telemedicine";
const FIRST = "/api/consultations/{id}";

const COME = session(
  "offered",
  "offered",
  "session_over",
  "session_over",
  "session_over",
);

const TALK = { ...COME, SCHEDULED: "not_started" } as const;

/** A voice call that stays one for now. */
function isVoiceCall({ voiceOnly, moving }: Session): boolean {
  return voiceOnly && moving === null;
}

/**
 * What can be done with a session. The columns are SCHEDULED, IN_PROGRESS,
 * COMPLETED, CANCELLED, FAILED. The order is that of the buttons.
 */
export const SESSION_OPERATIONS = {
  see: {
    what: "See it, its details and its history; hear of every change",
    seats: { doctor: ALWAYS, patient: ALWAYS },
    faces: [
      `GET ${V1}/{id}/`,
      `GET ${V1}/{id}/events/`,
      `GET ${V1}/{id}/recording/`,
      `GET ${FIRST}/`,
      "GET /telemedicine/{id}",
      "GET /telemedicine/{id}/details",
    ],
  },
  start: {
    what: "Start it, if one is in no call on demand (else 409 `doctor_busy`)",
    seats: {
      doctor: session(
        "offered",
        "works",
        NEVER_AGAIN,
        NEVER_AGAIN,
        NEVER_AGAIN,
      ),
    },
    faces: [
      `POST ${V1}/{id}/start/`,
      `POST ${FIRST}/start_consultation/`,
      "POST /telemedicine/{id}/start",
    ],
  },
  join: {
    what: "Get an access token: come in, or wait for the doctor",
    seats: {
      doctor: { ...COME, SCHEDULED: "not_started" },
      patient: COME,
    },
    faces: [
      `POST ${V1}/token/`,
      `GET ${FIRST}/get_token/`,
      "GET /api/video/token",
    ],
  },
  join_as_patient: {
    what: "The same by the patient's own address",
    seats: {
      patient: {
        ...COME,
        SCHEDULED: "works",
        IN_PROGRESS: "works",
      },
    },
    faces: [`POST ${FIRST}/join_consultation/`],
  },
  leave: {
    what: "Leave; the session goes on",
    seats: {
      doctor: session("offered", "offered", "works", "works", "works"),
      patient: session("offered", "offered", "works", "works", "works"),
    },
    given: {
      words: "that person is there",
      holds: ({ presence }, seat) =>
        presence[seat] !== null && presence[seat].state !== "disconnected",
      otherwise: "works",
    },
    faces: [`POST ${V1}/{id}/leave/`, "POST /telemedicine/{id}/leave"],
  },
  end: {
    what: "End it for everyone",
    seats: {
      doctor: session(
        "not_started",
        "offered",
        "works",
        NEVER_AGAIN,
        NEVER_AGAIN,
      ),
    },
    faces: [
      `POST ${V1}/{id}/end/`,
      `POST ${FIRST}/end_consultation/`,
      "POST /telemedicine/{id}/end",
    ],
    forms: ["GET /telemedicine/{id}/end"],
  },
  cancel: {
    what: "Take it back before the start",
    seats: {
      doctor: session(
        "offered",
        NEVER_AGAIN,
        NEVER_AGAIN,
        "works",
        NEVER_AGAIN,
      ),
    },
    faces: [`POST ${V1}/{id}/cancel/`, "POST /telemedicine/{id}/cancel"],
    forms: ["GET /telemedicine/{id}/cancel"],
  },
  edit: {
    what: "Change the notes and, before the start, the time",
    seats: {
      doctor: session(
        "offered",
        "offered",
        "offered",
        NEVER_AGAIN,
        NEVER_AGAIN,
      ),
    },
    faces: [`PATCH ${V1}/{id}/`, "POST /telemedicine/{id}/edit"],
    forms: ["GET /telemedicine/{id}/edit"],
  },
  consent: {
    what: "Say whether it may be recorded",
    seats: { doctor: COME, patient: COME },
    given: {
      words: "a recording is asked for",
      holds: ({ recording }) => recording.requested,
      otherwise: "works",
    },
    faces: [`POST ${V1}/{id}/consent/`],
  },
  offer_video: {
    what: "Ask the other one of a voice call to switch to video",
    seats: { doctor: TALK, patient: TALK },
    given: {
      words: "it is a voice call in which nobody has asked",
      holds: (call) => isVoiceCall(call) && call.videoOffer === null,
      otherwise: "works",
    },
    faces: [`POST ${V1}/{id}/video_offer/`],
  },
  answer_video: {
    what: "Answer that, or take it back",
    seats: { doctor: TALK, patient: TALK },
    given: {
      words: "somebody has asked",
      holds: (call) => isVoiceCall(call) && call.videoOffer !== null,
      otherwise: "works",
    },
    faces: [`POST ${V1}/{id}/video_answer/`],
  },
  play_recording: {
    what: "Play the recording",
    seats: { doctor: recorded("offered"), patient: recorded("offered") },
    given: {
      words: "it is ready",
      holds: ({ recording }) => recording.state === "ready",
      otherwise: "recording_not_found",
    },
    faces: [`GET ${V1}/{id}/recording/{part}/media/`],
    forms: ["GET /telemedicine/{id}/recording"],
  },
  delete_recording: {
    what: "Delete the recording",
    seats: { doctor: recorded("offered") },
    given: {
      words: "there is one",
      holds: ({ recording }) =>
        ["processing", "ready", "failed"].includes(recording.state),
      otherwise: "recording_not_found",
    },
    faces: [
      `DELETE ${V1}/{id}/recording/`,
      "POST /telemedicine/{id}/recording/delete",
    ],
    forms: ["GET /telemedicine/{id}/recording/delete"],
  },
} as const satisfies Record<string, Row<SessionStatus, Session>>;

/** Only what has been ended can have a recording. */
function recorded(once: Verdict): Record<SessionStatus, Verdict> {
  const none = "recording_not_found";
  return session(none, none, once, none, none);
}

/** What can be done with a visit. The columns are OPEN, CLOSED. */
export const VISIT_OPERATIONS = {
  see: {
    what: "See it",
    seats: {
      doctor: visit("works", "works"),
      patient: visit("works", "works"),
    },
    faces: ["GET /api/v1/visits/{id}/", "GET /api/appointments/{id}/"],
  },
  attend: {
    what: "Open its pages, which are for work",
    seats: { doctor: visit("works", "works") },
    faces: [
      "GET /visits/{id}",
      "GET /visits/{id}/telemedicine",
      "GET /visits/{id}/messages",
    ],
  },
  attend_as_patient: {
    what: "Open the patient's page of its messages",
    seats: { patient: visit("works", "works") },
    faces: ["GET /patient-portal/messages/{id}"],
  },
  read_messages: {
    what: "Read its messages, hear of new ones, say up to where one has read",
    seats: {
      doctor: visit("works", "works"),
      patient: visit("works", "works"),
    },
    faces: [
      "GET /api/v1/visits/{id}/messages/",
      "GET /api/v1/visits/{id}/messages/events/",
      "POST /api/v1/visits/{id}/messages/read/",
    ],
  },
  write_message: {
    what: "Write a message",
    seats: {
      doctor: visit("works", "visit_closed"),
      patient: visit("works", "visit_closed"),
    },
    faces: ["POST /api/v1/visits/{id}/messages/"],
  },
  write_as_doctor: {
    what: "The same on the doctor's page",
    seats: { doctor: visit("works", "visit_closed") },
    faces: ["POST /visits/{id}/messages"],
  },
  write_as_patient: {
    what: "The same on the patient's page",
    seats: { patient: visit("works", "visit_closed") },
    faces: ["POST /patient-portal/messages/{id}"],
  },
  create_session: {
    what: "Plan a session in it",
    seats: { doctor: visit("offered", "visit_closed") },
    faces: [
      `POST ${V1}/`,
      "POST /api/consultations/",
      "POST /visits/{id}/telemedicine",
    ],
  },
  close: {
    what: "Close it",
    seats: { doctor: visit("offered", "works") },
    faces: ["PATCH /api/v1/visits/{id}/", "POST /visits/{id}"],
  },
} as const satisfies Record<string, Row<VisitStatus>>;

const CALLS = "/api/v1/calls";
/** For doctors a request that waits no more is not there, but for whoever took it. */
const GONE = "call_not_found";
const CALL_ALWAYS = call("works", "works", "works", "works");
/** Of a candidate, for what is the patient's. */
const NOT_THEIRS = call("role_forbidden", GONE, GONE, GONE);

/**
 * What can be done with a call request. The columns are WAITING, ACCEPTED,
 * CANCELLED, EXPIRED. The seats are its patient, the doctor who took it, and
 * the doctors who could take it or could have.
 */
export const CALL_OPERATIONS = {
  see: {
    what: "See it",
    seats: {
      patient: CALL_ALWAYS,
      taker: { ACCEPTED: "works" },
      candidate: call("works", GONE, GONE, GONE),
    },
    faces: [`GET ${CALLS}/{id}/`, "GET /calls/{id}"],
  },
  follow: {
    what: "Hear of every change; doctors listen to the queue instead",
    seats: {
      patient: CALL_ALWAYS,
      taker: { ACCEPTED: "works" },
      candidate: NOT_THEIRS,
    },
    faces: [`GET ${CALLS}/{id}/events/`],
  },
  accept: {
    what: "Take it, if one is in no session (else 409 `doctor_busy`)",
    seats: {
      taker: { ACCEPTED: "works" },
      candidate: call("offered", "call_taken", "call_over", "call_over"),
    },
    faces: [`POST ${CALLS}/{id}/accept/`, "POST /calls/{id}/accept"],
  },
  decline: {
    what: "Let it ring at the next doctor",
    seats: {
      taker: { ACCEPTED: "call_taken" },
      candidate: call("offered", "call_taken", "call_over", "call_over"),
    },
    faces: [`POST ${CALLS}/{id}/decline/`, "POST /calls/{id}/decline"],
  },
  cancel: {
    what: "Take it back",
    seats: {
      patient: call("offered", "call_over", "works", "call_over"),
      taker: { ACCEPTED: "role_forbidden" },
      candidate: NOT_THEIRS,
    },
    faces: [`POST ${CALLS}/{id}/cancel/`, "POST /calls/{id}/cancel"],
  },
  widen: {
    what: "Ask any doctor instead, and keep the place",
    seats: {
      patient: call("offered", "call_over", "call_over", "call_over"),
      taker: { ACCEPTED: "role_forbidden" },
      candidate: NOT_THEIRS,
    },
    given: {
      words: "it asks for a specialty or a language",
      holds: ({ specialty, language }) =>
        specialty !== null || language !== null,
      otherwise: "works",
    },
    faces: [`POST ${CALLS}/{id}/widen/`, "POST /calls/{id}/widen"],
  },
} as const satisfies Record<string, Row<CallStatus, CallRequest, CallSeat>>;

const EVERYBODY: Role[] = ["doctor", "patient", "admin"];

/** What is about no record in particular: the role alone decides. */
export const CLINIC_OPERATIONS = {
  list_sessions: {
    what: "List one's own sessions, and hear of their changes",
    roles: EVERYBODY,
    faces: [`GET ${V1}/`, `GET ${V1}/events/`, "GET /api/consultations/"],
  },
  list_visits: {
    what: "List one's own visits",
    roles: EVERYBODY,
    faces: ["GET /api/v1/visits/", "GET /api/appointments/"],
  },
  open_visit: {
    what: "Open a visit, or make an appointment",
    roles: ["doctor"],
    faces: ["POST /api/v1/visits/", "POST /api/appointments/"],
  },
  list_calls: {
    what: "List one's own call requests; as a doctor, the queue",
    roles: EVERYBODY,
    faces: [`GET ${CALLS}/`],
  },
  ask_for_call: {
    what: "Ask for a call with any doctor",
    roles: ["patient"],
    faces: [`POST ${CALLS}/`, "GET /calls", "POST /calls"],
  },
  take_calls: {
    what:
      "Look after the queue of calls; say whether one takes some, and which",
    roles: ["doctor"],
    faces: [
      `GET ${CALLS}/events/`,
      `GET ${CALLS}/availability/`,
      `PUT ${CALLS}/availability/`,
      "GET /doctor/queue",
      "POST /doctor/queue",
      "GET /doctor/queue/skills",
      "POST /doctor/queue/skills",
    ],
  },
  agenda: {
    what: "The doctor's agenda",
    roles: ["doctor"],
    faces: ["GET /visits"],
  },
  portal: {
    what: "The patient's pages",
    roles: ["patient"],
    faces: [
      "GET /patient-portal/dashboard",
      "GET /patient-portal/telemedicine",
      "GET /patient-portal/messages",
    ],
  },
  administer: {
    what: "Look after the clinic: the set-up and its checks",
    roles: ["admin"],
    faces: ["GET /admin", "GET /admin/setup", "POST /admin/setup"],
  },
  account: {
    what: "Know who is signed in; sign out",
    roles: EVERYBODY,
    faces: ["GET /api/v1/auth/me/", "POST /api/v1/auth/logout/"],
  },
  sign_in: {
    what: "Sign in; sign out where nobody may be signed in",
    roles: "anyone",
    faces: [
      "GET /",
      "GET /login",
      "POST /login",
      "POST /logout",
      "POST /api/v1/auth/login/",
    ],
  },
  know: {
    what: "Whether the app is up; what an error means",
    roles: "anyone",
    faces: ["GET /healthz", "GET /readyz", "GET /problems/{code}"],
  },
  tell: {
    what: "Tell what happened in a room",
    roles: "video",
    faces: ["POST /webhooks/twilio/"],
  },
} as const satisfies Record<string, ClinicRow>;

/** What can be done with a session. */
export type SessionOperation = keyof typeof SESSION_OPERATIONS;
/** What can be done with a visit. */
export type VisitOperation = keyof typeof VISIT_OPERATIONS;
/** What can be done with a call request. */
export type CallOperation = keyof typeof CALL_OPERATIONS;
/** What can be done in the clinic at large. */
export type ClinicOperation = keyof typeof CLINIC_OPERATIONS;

/** The records that the table is about: their statuses and seats, and how one that is not there or not one's own is refused. */
export const SUBJECTS = {
  session: {
    name: "session",
    statuses: Object.keys(ALWAYS) as SessionStatus[],
    seats: ["doctor", "patient"],
    unknown: "session_not_found",
    operations: SESSION_OPERATIONS,
  },
  visit: {
    name: "visit",
    statuses: ["OPEN", "CLOSED"] as VisitStatus[],
    seats: ["doctor", "patient"],
    unknown: "visit_not_found",
    operations: VISIT_OPERATIONS,
  },
  call: {
    name: "call request",
    statuses: Object.keys(CALL_ALWAYS) as CallStatus[],
    seats: ["patient", "taker", "candidate"],
    unknown: GONE,
    operations: CALL_OPERATIONS,
  },
} as const satisfies Record<
  string,
  {
    /** What it is called. */
    name: string;
    statuses: readonly string[];
    seats: readonly string[];
    unknown: ErrorCode;
    operations: Record<string, unknown>;
  }
>;

/** What comes of an operation, or undefined where the seat may not do it at all. */
export function verdictOf<Status extends string, Thing, S extends string>(
  row: Row<Status, Thing, S>,
  seat: S,
  thing: Thing & { status: Status },
): Verdict | undefined {
  const verdict = row.seats[seat]?.[thing.status];
  if (verdict !== "offered" || row.given === undefined) return verdict;
  return row.given.holds(thing, seat) ? verdict : row.given.otherwise;
}
