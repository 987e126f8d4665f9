import { deepEqual, equal } from "node:assert/strict";
import { viewSession } from "@/lib/sessions/view.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { visitAgenda } from "@/lib/ui/visit_agenda.ts";
import type { VisitView } from "@/lib/visits/view.ts";
import { aSession, doctor } from "../../support/fixtures.ts";

const READER = { timeZone: "UTC", now: "2026-11-21T12:00:00.000Z" };

function aVisit(id: string, about: Partial<VisitView> = {}): VisitView {
  return {
    id,
    doctor: { id: doctor.accountId, name: doctor.name },
    patient: { id: "patient-1", name: "Pat Night" },
    reason: "Cough",
    status: "OPEN",
    created_at: "2026-11-20T09:00:00.000Z",
    closed_at: null,
    actions: [],
    ...about,
  };
}

function sessionsOf(...sessions: Partial<Session>[]) {
  return sessions.map((about) => viewSession(aSession(about), doctor));
}

const WAITING = {
  doctor: null,
  patient: {
    state: "waiting",
    at: "2026-11-21T11:55:00.000Z",
    participantSid: null,
  },
} as const;

Deno.test("who waits comes first, then who talks, then what is planned, then the rest", () => {
  const visits = ["none", "planned", "sooner", "runs", "waits"].map((id) =>
    aVisit(id)
  );
  const sessions = sessionsOf(
    { visitId: "planned", scheduledStart: "2026-11-22T09:00:00.000Z" },
    { visitId: "sooner", scheduledStart: "2026-11-21T15:00:00.000Z" },
    { visitId: "runs", status: "IN_PROGRESS" },
    {
      visitId: "waits",
      presence: WAITING,
      scheduledStart: "2026-11-21T13:00:00.000Z",
    },
  );
  const lines = visitAgenda(visits, sessions, READER);
  deepEqual(lines.map(({ visit }) => visit.id), [
    "waits",
    "runs",
    "sooner",
    "planned",
    "none",
  ]);
  deepEqual(lines.map(({ time, when }) => `${time} | ${when}`), [
    "13:00 | in 1 hr",
    "12:00 | live for less than a minute",
    "15:00 | in 3 hr",
    "Tomorrow | 09:00",
    "Yesterday | 09:00",
  ]);
  equal(lines[0]?.more, "Pat is waiting for you now");
  equal(lines[0]?.waitingSince, "2026-11-21T11:55:00.000Z");
  equal(lines[4]?.more, "No session yet");
});

Deno.test("an OPEN visit leads to its sessions, a CLOSED one to its facts", () => {
  const lines = visitAgenda(
    [aVisit("open"), aVisit("closed", { status: "CLOSED" })],
    sessionsOf({ visitId: "closed", status: "COMPLETED" }),
    READER,
  );
  deepEqual(lines.map(({ href }) => href).sort(), [
    "/visits/closed",
    "/visits/open/telemedicine",
  ]);
});
