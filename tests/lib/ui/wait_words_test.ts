import { deepEqual, equal } from "node:assert/strict";
import {
  ordinal,
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
  equal(told(2, 3), "A doctor will take your call soon.");
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
    "Any doctor on duty answers.",
  );
});
