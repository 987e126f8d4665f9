/** What somebody entered as a local date and time: the moment it means, or what is wrong with it. */
export type LocalInput =
  | { at: Date; problem?: undefined }
  | { at?: undefined; problem: string };

/**
 * The moment that a `datetime-local` field means in a zone. An hour that the
 * clocks skip is refused; of an hour they repeat, the first one counts.
 */
export function parseLocalInput(value: string, timeZone: string): LocalInput {
  const entered = value.trim();
  if (entered === "") return { problem: "Choose a date and a time." };
  let local: Temporal.PlainDateTime;
  let zoned: Temporal.ZonedDateTime;
  try {
    local = Temporal.PlainDateTime.from(entered, { overflow: "reject" });
    zoned = local.toZonedDateTime(timeZone, { disambiguation: "compatible" });
  } catch {
    return {
      problem: "Enter a date and a time, for example 2026-11-26T10:30.",
    };
  }
  if (!zoned.toPlainDateTime().equals(local)) {
    const time = local.toPlainTime().toString({ smallestUnit: "minute" });
    return {
      problem:
        `The clocks go forward that day, so there is no ${time}. Choose another time.`,
    };
  }
  return { at: new Date(zoned.epochMilliseconds) };
}

/** The value of a `datetime-local` field that shows a moment in a zone, to the minute. */
export function localInputValue(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" });
}
