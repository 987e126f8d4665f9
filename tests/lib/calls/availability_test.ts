import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import {
  afterRinging,
  type Availability,
  signOfCall,
  signOfLife,
  UNANSWERED_MAX,
  upgradeAvailability,
  wished,
} from "@/lib/calls/availability.ts";
import { aSession } from "../../support/fixtures.ts";
import { NOON } from "../../support/noon.ts";

const DOCTOR = { id: "d", name: "Dr Doe" };
const LATER = new Date(NOON.getTime() + 60_000);
const on = wished(null, DOCTOR, { available: true, languages: ["es"] }, NOON);

/** What a doctor does, or does not. */
type Deed = "passes" | "answers" | "on" | "off" | "says which";

function after(before: Availability, deed: Deed, now = LATER): Availability {
  if (deed === "says which") {
    return wished(before, DOCTOR, { specialties: ["urology"] }, now);
  }
  return deed === "on" || deed === "off"
    ? wished(before, DOCTOR, { available: deed === "on" }, now)
    : afterRinging(before, deed === "answers", now) ?? before;
}

Deno.test("three calls in a row that nobody answers switch a doctor off, and only the doctor on again", () => {
  const once = after(on, "passes");
  const twice = after(once, "passes");
  deepEqual([once, twice], [
    { ...on, unanswered: 1 },
    { ...on, unanswered: 2 },
  ]);
  const stopped = after(twice, "passes");
  deepEqual(stopped, {
    ...on,
    available: false,
    unanswered: 3,
    stopped: "unanswered",
    since: LATER.toISOString(),
  });
  for (const deed of ["passes", "answers"] as const) {
    equal(after(stopped, deed), stopped);
  }
  deepEqual(after(stopped, "on"), { ...on, since: LATER.toISOString() });
  // Nobody takes calls again by saying that they do not, or which they would.
  deepEqual(after(stopped, "off"), stopped);
  deepEqual(wished(stopped, DOCTOR, { languages: ["fr"] }, LATER), {
    ...stopped,
    languages: ["fr"],
  });
});

Deno.test("whoever comes, passes on by hand, switches on again or says which calls is there: it counts anew", () => {
  const twice = after(after(on, "passes"), "passes");
  for (const deed of ["answers", "on"] as const) {
    deepEqual(after(twice, deed), on);
  }
  const specialties = ["urology"];
  deepEqual(after(twice, "says which"), { ...on, specialties });
  equal(afterRinging(on, true, LATER), null);
});

Deno.test("whatever a doctor does: off by the app after three unanswered in a row while on, and never else", () => {
  const deeds = fc.array(
    fc.constantFrom<Deed>(
      "passes",
      "passes",
      "passes",
      "answers",
      "on",
      "off",
      "says which",
    ),
    { maxLength: 60 },
  );
  fc.assert(fc.property(deeds, (deeds) => {
    let state = on;
    let [isOn, row] = [true, 0];
    for (const deed of deeds) {
      state = after(state, deed);
      if (deed === "on" || (deed === "off" && isOn)) {
        [isOn, row] = [deed === "on", 0];
      } else if (isOn) row = deed === "passes" ? row + 1 : 0;
      if (row === UNANSWERED_MAX) isOn = false;
      deepEqual(
        [state.available, state.unanswered, state.stopped !== null],
        [isOn, row, row === UNANSWERED_MAX],
      );
      deepEqual(state.languages, ["es"]);
    }
  }));
});

Deno.test("only what rang and was not taken, or was answered, says something of a doctor", () => {
  const doctorId = "d";
  deepEqual(signOfLife({ type: "passed", doctorId }), {
    doctorId,
    answers: false,
  });
  deepEqual(signOfLife({ type: "declined", doctorId }), {
    doctorId,
    answers: true,
  });
  for (const type of ["offered", "withdrawn"] as const) {
    equal(signOfLife({ type, doctorId }), null);
  }
  // Whether whoever takes one comes to it, its end tells.
  const [doctor, visitId, sessionId] = [DOCTOR, "v", "s"];
  equal(signOfLife({ type: "accepted", doctor, visitId, sessionId }), null);
  equal(signOfLife({ type: "returned", doctorId, sessionId }), null);
  equal(signOfLife({ type: "cancelled" }), null);
});

Deno.test("how a call ends says whether its doctor came, unless it could not begin", () => {
  const over = aSession({
    doctor: DOCTOR,
    status: "COMPLETED",
    endReason: "doctor_absent",
  });
  deepEqual(signOfCall(over), { doctorId: "d", answers: false });
  const came = {
    ...over,
    admitted: { ...over.admitted, doctor: true },
    endReason: "ended_by_doctor" as const,
  };
  deepEqual(signOfCall(came), { doctorId: "d", answers: true });
  equal(signOfCall({ ...over, status: "FAILED" }), null);
});

Deno.test("whoever took calls before it was written into the log says so anew", () => {
  const { unanswered: _, stopped: _none, ...rest } = on;
  const old = { ...rest, v: 1 as const };
  deepEqual(upgradeAvailability(old), { ...on, available: false });
  equal(upgradeAvailability(on), on);
});
