import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { clock, duration, elapsed, relative } from "@/lib/ui/times.ts";

/** From where a session is told: whose words, which zone, and when it is now. */
export interface Viewpoint {
  seat: Seat;
  timeZone: string;
  now: string;
}

/** What a list says of a session: a line to read first and one that says more. */
export interface SessionWords {
  /** Beside the time. */
  when: string;
  lead: string;
  more: string;
  /** Somebody is waiting for the reader. */
  waiting: boolean;
}

/** Says in words where a session is and what that means for the reader. */
export function sessionWords(
  session: SessionView,
  from: Viewpoint,
): SessionWords {
  const words = session.status === "SCHEDULED"
    ? scheduled(session, from)
    : session.status === "IN_PROGRESS"
    ? inProgress(session, from)
    : over(session, from);
  return { waiting: false, ...words };
}

/** What everybody calls each other here: patients by their first name, doctors by their whole name. */
export function shortName(session: SessionView, seat: Seat): string {
  return seat === "doctor"
    ? session.doctor.name
    : firstName(session.patient.name);
}

/** The first word of a name. */
export function firstName(name: string): string {
  return name.split(" ", 1)[0]!;
}

/** "Video" or "Voice only". */
export function kindWord(session: SessionView): string {
  return session.voice_only ? "Voice only" : "Video";
}

function planned(session: SessionView): string {
  return `${kindWord(session)}${
    session.recording.requested ? ", recording asked for" : ""
  }`;
}

type Words = Omit<SessionWords, "waiting"> & Partial<SessionWords>;

function scheduled(session: SessionView, from: Viewpoint): Words {
  const when = relative(session.scheduled_start, from.timeZone, from.now);
  if (from.seat === "patient") {
    return {
      when,
      lead: session.doctor.name,
      more: `${planned(session)}. You can come early and wait.`,
    };
  }
  const name = shortName(session, "patient");
  const { patient } = session.presence;
  const waiting = patient?.state === "waiting";
  return {
    when,
    lead: planned(session),
    more: waiting
      ? `${name} has been waiting since ${clock(patient.at, from.timeZone)}.`
      : `${name} can already open the waiting room.`,
    waiting,
  };
}

function inProgress(session: SessionView, from: Viewpoint): Words {
  const started = session.started_at ?? session.scheduled_start;
  const other = from.seat === "doctor" ? "patient" : "doctor";
  const where = [presence(session, other, from), ownPresence(session, from)]
    .filter((sentence) => sentence !== "").join(" ");
  return {
    when: `live for ${elapsed(started, from.now)}`,
    lead: from.seat === "doctor" ? planned(session) : session.doctor.name,
    more: from.seat === "doctor" ? where : `${planned(session)}. ${where}`,
  };
}

/** Where the other one is. */
function presence(
  session: SessionView,
  seat: Seat,
  { timeZone }: Viewpoint,
): string {
  const name = shortName(session, seat);
  const at = session.presence[seat]?.at ?? "";
  switch (session.presence[seat]?.state) {
    case "connected":
      return `${name} is there since ${clock(at, timeZone)}.`;
    case "disconnected":
      return `${name} left at ${clock(at, timeZone)}.`;
    case "joining":
      return `${name} is joining.`;
    case "waiting":
      return `${name} is waiting.`;
    case undefined:
      return `${name} is not here yet.`;
  }
}

function ownPresence(
  session: SessionView,
  { seat, timeZone }: Viewpoint,
): string {
  const own = session.presence[seat];
  return own?.state === "disconnected"
    ? `You left at ${clock(own.at, timeZone)}.`
    : "";
}

function over(session: SessionView, from: Viewpoint): Words {
  const patient = from.seat === "patient";
  const ended = session.ended_at ?? session.scheduled_start;
  const at = clock(ended, from.timeZone);
  const lead = session.doctor.name;
  if (session.status === "COMPLETED") {
    const lasted = duration(session.duration_seconds ?? 0);
    const how = session.end_reason === "no_show"
      ? "Nobody joined."
      : session.end_reason === "room_ended"
      ? `The video service closed the room at ${at}.`
      : `Ended${patient ? "" : " by you"} at ${at}.`;
    return patient
      ? { when: lasted, lead, more: how }
      : { when: "", lead: `${kindWord(session)}, ${lasted}`, more: how };
  }
  if (session.status === "CANCELLED") {
    const closed = session.end_reason === "visit_closed";
    return patient
      ? { when: "did not take place", lead, more: "Cancelled by the clinic." }
      : {
        when: "",
        lead: `Cancelled by you at ${at}`,
        more: closed
          ? "Taken back when the visit was closed."
          : "It did not take place.",
      };
  }
  return patient
    ? {
      when: "did not take place",
      lead,
      more:
        "The visit could not start. It was not your device or your connection.",
    }
    : {
      when: "",
      lead: "Session failed to start",
      more: "The video service refused the room. It was nothing you did.",
    };
}

/** Sessions as people look for them: what runs, then what comes (soonest first), then the past (latest first). */
export function agenda(
  sessions: readonly SessionView[],
): { ahead: SessionView[]; past: SessionView[] } {
  const byStart = (a: SessionView, b: SessionView) =>
    a.scheduled_start < b.scheduled_start ? -1 : 1;
  const having = (status: SessionView["status"]) =>
    sessions.filter((session) => session.status === status).sort(byStart);
  return {
    ahead: [...having("IN_PROGRESS"), ...having("SCHEDULED")],
    past: sessions.filter(({ status }) =>
      status !== "IN_PROGRESS" && status !== "SCHEDULED"
    )
      .sort(byStart).reverse(),
  };
}
