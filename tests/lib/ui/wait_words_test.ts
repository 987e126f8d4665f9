import { deepEqual, equal } from "node:assert/strict";
import type { CallView } from "@/lib/calls/view.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import {
  callToJoin,
  hasSlippedBack,
  isJustTaken,
  lineNews,
  ordinal,
  otherModeWords,
  outlookWords,
  placeWords,
  rangeWords,
  waitWords,
} from "@/lib/ui/wait_words.ts";

Deno.test("places are counted as people do", () => {
  deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal), [
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "22nd",
    "101st",
    "111th",
  ]);
  equal(placeWords({ position: 1 }), "You are next");
  equal(placeWords({ position: 2 }), "You are 2nd in line");
  equal(placeWords({ position: null }), "You are in line");
});

Deno.test("a wait is told as honestly as it is known", () => {
  const range = (from_minutes: number, to_minutes: number) => ({
    from_minutes,
    to_minutes,
  });
  equal(rangeWords(range(0, 1)), "Usually within a minute.");
  equal(rangeWords(range(0, 9)), "Up to 9 minutes.");
  equal(rangeWords(range(5, 10)), "About 5 to 10 minutes.");
  const told = (doctors_available: number, doctors_on_duty: number) =>
    waitWords({
      wait: null,
      doctors_available,
      doctors_on_duty,
      specialty: "dermatology",
      language: null,
    });
  equal(
    told(2, 3),
    "No doctor for dermatology on duty can take your call yet. How long that takes, nobody can say.",
  );
  equal(
    told(1, 3).split(".")[0],
    "The only doctor for dermatology on duty cannot take your call yet",
  );
  equal(
    told(0, 3),
    "No doctor for dermatology is available right now. You can wait, or ask any doctor; you keep your place.",
  );
  equal(
    told(0, 0),
    "No doctor is available right now. You keep your place, and the first doctor for dermatology who is free is asked.",
  );
  equal(
    outlookWords({ doctors: 1, wait: { from: 2, to: 8 } }),
    "Any doctor on duty answers. Right now that is usually within 8 minutes.",
  );
  equal(
    outlookWords({ doctors: 1, wait: null }),
    "Any doctor on duty answers. How long that takes right now, nobody can say.",
  );
});

Deno.test("what changes in the line is said: place, wait, who goes first, who took the call", () => {
  const at = (
    position: number | null,
    changes: Partial<CallView> = {},
  ): CallView =>
    ({
      status: "WAITING",
      position,
      wait: { from_minutes: 0, to_minutes: 1 },
      doctors_available: 1,
      doctors_on_duty: 1,
      session: null,
      specialty: null,
      language: null,
      ...changes,
    }) as CallView;
  const longer = { wait: { from_minutes: 2, to_minutes: 8 } };
  equal(lineNews(at(3), at(3)), "");
  equal(lineNews(at(3), at(3, longer)), "About 2 to 8 minutes.");
  equal(lineNews(at(3), at(1)), "You are next. Usually within a minute.");
  equal(
    lineNews(at(2), at(3, longer)),
    "Somebody has to go first who needs a doctor sooner or has waited longer. You are 3rd in line. About 2 to 8 minutes.",
  );
  equal(hasSlippedBack(at(2), at(3)), true);
  equal(hasSlippedBack(at(3), at(2)), false);
  equal(hasSlippedBack(at(null), at(2)), false);
  const taken = at(null, {
    status: "ACCEPTED",
    session: { doctor: { name: "Dr Lee" } } as CallView["session"],
  });
  equal(lineNews(at(1), taken), "Dr Lee took your call.");
  equal(lineNews(taken, taken), "");
  // The doctor could not come after all: the line goes on.
  equal(lineNews(taken, at(1)), "You are next. Usually within a minute.");
  equal(lineNews(at(1), at(null, { status: "CANCELLED" })), "");
});

Deno.test("a call is just taken for whoever saw it wait, and for nobody who comes later", () => {
  const waits = { status: "WAITING", session: null } as const;
  const taken = { status: "ACCEPTED", session: {} } as CallView;
  equal(isJustTaken(waits, taken), true);
  equal(isJustTaken(taken, taken), false);
  equal(isJustTaken(waits, waits as unknown as CallView), false);
});

Deno.test("a call that is over is none to join", () => {
  const withSession = (session: Partial<SessionView>) =>
    ({ status: "ACCEPTED", session: { ...session } }) as CallView;
  const open = withSession({ ended_at: null });
  equal(callToJoin(open), open.session);
  const over = withSession({ ended_at: "2026-11-21T12:00:00.000Z" });
  equal(callToJoin(over), null);
  equal(callToJoin({ session: null }), null);
});

Deno.test("who asks for the other kind of call while one waits is told which one waits", () => {
  const waits = { status: "WAITING", mode: "video" } as const;
  equal(
    otherModeWords(waits, "voice"),
    "You already asked for a video call, and it keeps its place. For a voice call, cancel this one and ask again.",
  );
  for (const asked of ["video", "fax", null]) {
    equal(otherModeWords(waits, asked), "");
  }
  equal(otherModeWords({ ...waits, status: "ACCEPTED" }, "voice"), "");
});
