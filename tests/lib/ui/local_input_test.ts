import { equal, match } from "node:assert/strict";
import fc from "fast-check";
import { localInputValue, parseLocalInput } from "@/lib/ui/local_input.ts";

Deno.test("parseLocalInput() reads the time in the visitor's zone", () => {
  equal(
    parseLocalInput("2026-11-26T10:30", "America/New_York").at?.toISOString(),
    "2026-11-26T15:30:00.000Z",
  );
});

Deno.test("parseLocalInput() refuses an hour that the clocks skip", () => {
  match(
    parseLocalInput("2026-03-29T02:30", "Europe/Berlin").problem ?? "",
    /no 02:30/,
  );
});

Deno.test("parseLocalInput() takes the first of an hour that the clocks repeat", () => {
  equal(
    parseLocalInput("2026-10-25T02:30", "Europe/Berlin").at?.toISOString(),
    "2026-10-25T00:30:00.000Z",
  );
});

const refused = [
  "",
  " ",
  "tomorrow",
  "2026-02-30T10:00",
  "2026-11-26T25:00",
  "10:30",
];
for (const value of refused) {
  Deno.test(`parseLocalInput() refuses ${JSON.stringify(value)}`, () => {
    match(parseLocalInput(value, "UTC").problem ?? "", /date and a time/);
  });
}

Deno.test("property: what a field shows is read back as the same minute, or as its first occurrence", () => {
  const minute = fc.integer({ min: 26_000_000, max: 36_000_000 });
  const zone = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
  );
  fc.assert(fc.property(minute, zone, (minutes, timeZone) => {
    const at = new Date(minutes * 60_000);
    const shown = localInputValue(at, timeZone);
    const read = parseLocalInput(shown, timeZone).at!;
    equal(localInputValue(read, timeZone), shown);
    equal(read.getTime() <= at.getTime(), true);
  }));
});
