import { deepEqual, equal, match, ok } from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import DoctorSessionList from "@/islands/DoctorSessionList.tsx";
import PatientSessionList from "@/islands/PatientSessionList.tsx";
import type { Session } from "@/lib/sessions/session.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { aSession, doctor, patient } from "../support/fixtures.ts";
import { buttonsOf, linksOf, wordsOf } from "../support/html.ts";

const NOW = "2026-11-21T12:04:00.000Z";
const STATUSES = [
  "SCHEDULED",
  "IN_PROGRESS",
  "COMPLETED",
  "CANCELLED",
  "FAILED",
] as const;

function asDoctor(...sessions: Partial<Session>[]): string {
  return renderToString(
    <DoctorSessionList
      sessions={sessions.map((about) => viewSession(aSession(about), doctor))}
      visitId="v"
      timeZone="UTC"
      now={NOW}
      live={false}
      returnTo="/visits/v/telemedicine"
    />,
  );
}

function asPatient(
  about: Partial<Session>,
  leftId: string | null = null,
): string {
  return renderToString(
    <PatientSessionList
      sessions={[viewSession(aSession(about), patient)]}
      visitId={null}
      timeZone="UTC"
      now={NOW}
      live={false}
      leftId={leftId}
    />,
  );
}

/** What each status offers its doctor, besides looking at it. */
const OFFERS: Record<typeof STATUSES[number], string[]> = {
  SCHEDULED: ["Start Session", "Cancel session"],
  IN_PROGRESS: ["Join Call", "End Session"],
  COMPLETED: [],
  CANCELLED: [],
  FAILED: ["Create a new session"],
};
for (const status of STATUSES) {
  Deno.test(`the doctor's row of a ${status} session offers what can be done now`, () => {
    const html = asDoctor({ status });
    const links = linksOf(html).map(([name]) => name).filter((name) =>
      !name.startsWith("View")
    );
    deepEqual([...links, ...buttonsOf(html)], OFFERS[status]);
    ok(linksOf(html).some(([name]) => name === "View session of Today 12:00"));
  });

  Deno.test(`the patient's card of a ${status} session offers to join, or nothing`, () => {
    const html = asPatient({ status });
    const joins = status === "SCHEDULED" || status === "IN_PROGRESS";
    equal(linksOf(html).some(([name]) => name === "Join Session"), joins);
    deepEqual(buttonsOf(html), []);
  });
}

Deno.test("a status is a word and an icon, never a colour alone", () => {
  const words = {
    SCHEDULED: "Scheduled",
    IN_PROGRESS: "In progress",
    FAILED: "Failed",
  };
  for (const [status, word] of Object.entries(words)) {
    const html = asDoctor({ status: status as Session["status"] });
    match(html, new RegExp(`class="st [^"]*"><svg[^]*?</svg>${word}</span>`));
  }
});

Deno.test("commands are forms that work without JavaScript; what cannot be undone asks first", () => {
  const html = asDoctor({ status: "SCHEDULED" });
  match(html, /<form method="post" action="\/telemedicine\/[^/"]+\/start"/);
  match(html, /<form method="get" action="\/telemedicine\/[^/"]+\/cancel"/);
  equal(
    html.match(/name="return_to" value="\/visits\/v\/telemedicine"/g)?.length,
    2,
  );
});

Deno.test("what runs comes first, then what is planned, then the past", () => {
  const html = asDoctor(
    { id: "past", status: "COMPLETED" },
    { id: "later", scheduledStart: "2026-11-23T12:00:00.000Z" },
    { id: "soon", scheduledStart: "2026-11-22T12:00:00.000Z" },
    { id: "now", status: "IN_PROGRESS" },
  );
  const ids = [...html.matchAll(/data-session-id="(\w+)"/g)].map(([, id]) =>
    id
  );
  deepEqual(ids, ["now", "soon", "later", "past"]);
});

Deno.test("only one button of the list is filled", () => {
  const html = asDoctor(
    { id: "now", status: "IN_PROGRESS" },
    { id: "next", status: "SCHEDULED" },
  );
  equal(html.match(/btn-primary/g)?.length, 1);
});

Deno.test("a waiting patient is said to wait", () => {
  const waiting = {
    state: "waiting",
    at: "2026-11-21T11:58:00.000Z",
    participantSid: null,
  } as const;
  const html = asDoctor({ presence: { doctor: null, patient: waiting } });
  match(wordsOf(html), /Pat has been waiting since 11:58\./);
});

Deno.test("the note after leaving depends on how the session stands", () => {
  const { id } = aSession();
  match(
    wordsOf(asPatient({ status: "IN_PROGRESS" }, id)),
    /You left\. The visit is still open\./,
  );
  match(
    wordsOf(asPatient({ status: "COMPLETED" }, id)),
    /You left\. The visit is over\./,
  );
  ok(
    !wordsOf(asPatient({ status: "IN_PROGRESS" }, "other")).includes(
      "You left",
    ),
  );
});

Deno.test("empty lists say so", () => {
  equal(wordsOf(asDoctor()), "No sessions yet.");
});
