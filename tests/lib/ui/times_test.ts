import { equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  clock,
  clockWithSeconds,
  day,
  duration,
  elapsed,
  fullMoment,
  greeting,
  moment,
  relative,
  shortDate,
} from "@/lib/ui/times.ts";

const NOON = "2026-11-24T12:00:00.000Z";
const LISBON = "Europe/Lisbon";

const moments: [at: string, timeZone: string, now: string, words: string][] = [
  ["2026-11-24T14:30:00Z", LISBON, NOON, "Today 14:30"],
  ["2026-11-25T00:00:00Z", LISBON, NOON, "Tomorrow 00:00"],
  ["2026-11-23T23:59:59Z", LISBON, NOON, "Yesterday 23:59"],
  ["2026-11-26T09:00:00Z", LISBON, NOON, "Thursday 26 Nov, 09:00"],
  ["2027-01-02T09:00:00Z", LISBON, NOON, "Saturday 2 Jan 2027, 09:00"],
  // The same moment is another day elsewhere.
  ["2026-11-24T20:00:00Z", "Asia/Kolkata", NOON, "Tomorrow 01:30"],
  ["2026-11-24T02:00:00Z", "America/New_York", NOON, "Yesterday 21:00"],
  // The night the clocks go back is 25 hours long: tomorrow is still tomorrow.
  [
    "2026-10-25T23:30:00Z",
    "Europe/Berlin",
    "2026-10-24T22:30:00Z",
    "Tomorrow 00:30",
  ],
  // The night they go forward is 23 hours long.
  [
    "2026-03-29T21:30:00Z",
    "Europe/Berlin",
    "2026-03-28T22:30:00Z",
    "Tomorrow 23:30",
  ],
];
for (const [at, timeZone, now, words] of moments) {
  Deno.test(`moment() of ${at} in ${timeZone}, read at ${now}, is ${words}`, () => {
    equal(moment(at, timeZone, now), words);
  });
}

const relatives: [at: string, words: string][] = [
  [NOON, "now"],
  ["2026-11-24T12:00:01Z", "in 1 minute"],
  ["2026-11-24T12:11:50Z", "in 12 minutes"],
  ["2026-11-24T12:59:30Z", "in 1 hr"],
  ["2026-11-24T13:42:00Z", "in 1 hr 42 min"],
  ["2026-11-26T09:00:00Z", "in 2 days"],
  ["2026-11-24T11:59:30Z", "now"],
  ["2026-11-24T11:54:00Z", "6 minutes ago"],
  ["2026-11-23T11:00:00Z", "1 day ago"],
];
for (const [at, words] of relatives) {
  Deno.test(`relative() of ${at} at noon is ${words}`, () => {
    equal(relative(at, LISBON, NOON), words);
  });
}

Deno.test("day(), shortDate() and fullMoment() name the year only if it is another one", () => {
  equal(day("2026-11-26T09:00:00Z", LISBON, NOON), "Thursday 26 November");
  equal(
    day("2025-11-26T09:00:00Z", LISBON, NOON),
    "Wednesday 26 November 2025",
  );
  equal(shortDate("2025-11-26T09:00:00Z", LISBON, NOON), "26 Nov 2025");
  equal(
    fullMoment("2026-11-24T09:00:00Z", LISBON, NOON),
    "Tuesday 24 November, 09:00",
  );
});

Deno.test("duration() and elapsed() are in whole minutes", () => {
  equal(duration(0), "less than a minute");
  equal(duration(61), "1 minute");
  equal(duration(18 * 60 + 22), "18 minutes");
  equal(duration(65 * 60), "1 hr 5 min");
  equal(elapsed("2026-11-24T11:56:00Z", NOON), "4 minutes");
  equal(elapsed("2026-11-24T12:56:00Z", NOON), "less than a minute");
});

Deno.test("greeting() follows the visitor's clock", () => {
  equal(greeting(LISBON, NOON), "Good afternoon");
  equal(greeting("America/New_York", NOON), "Good morning");
  equal(greeting("Asia/Tokyo", NOON), "Good evening");
});

const zone = fc.constantFrom(
  "UTC",
  "Europe/Lisbon",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
);
const instant = fc.date({
  min: new Date("2020-01-01"),
  max: new Date("2040-01-01"),
  noInvalidDate: true,
}).map((date) => date.toISOString());

Deno.test("property: clocks agree with Temporal in every zone", () => {
  fc.assert(fc.property(instant, zone, (at, timeZone) => {
    const time = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone)
      .toPlainTime();
    equal(clock(at, timeZone), time.toString({ smallestUnit: "minute" }));
    equal(
      clockWithSeconds(at, timeZone),
      time.toString({ smallestUnit: "second" }),
    );
  }));
});

Deno.test("property: day() is near exactly when the calendars are one day apart at most", () => {
  const near = fc.integer({ min: -3 * 86_400, max: 3 * 86_400 });
  fc.assert(fc.property(instant, near, zone, (now, seconds, timeZone) => {
    const at = new Date(Date.parse(now) + seconds * 1000).toISOString();
    const [a, b] = [now, at].map((iso) =>
      Temporal.Instant.from(iso).toZonedDateTimeISO(timeZone).toPlainDate()
    );
    const expected = { "-1": "Yesterday", "0": "Today", "1": "Tomorrow" }[
      String(a!.until(b!).days)
    ];
    if (expected === undefined) {
      match(day(at, timeZone, now), /^\w+day \d+ \w+/);
    } else equal(day(at, timeZone, now), expected);
  }));
});

Deno.test("property: relative() says on which side of now the time is", () => {
  fc.assert(fc.property(instant, instant, zone, (at, now, timeZone) => {
    const words = relative(at, timeZone, now);
    if (at > now) match(words, /^in \d/);
    else ok(words === "now" || words.endsWith(" ago"), words);
    ok(!/\b0\b/.test(words), words);
  }));
});
