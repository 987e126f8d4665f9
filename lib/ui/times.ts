/**
 * Times as people read them, in a given zone and seen from a given `now`, both
 * handed in: the server and the browser then write the same words. Every time
 * is an ISO 8601 string in UTC, as records carry it.
 *
 * @module
 */

/** A moment as a clock and a calendar in one zone show it, in digits; all but the year have two. */
interface LocalTime {
  year: string;
  /** From "01". */
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
  .split(" ");

const MONTHS =
  "January February March April May June July August September October November December"
    .split(" ");

const DAY_MS = 86_400_000;

/** Making a formatter takes a hundred times as long as using it, so the last few are kept. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const FORMATTERS_MAX = 200;

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      dateStyle: "short",
      timeStyle: "medium",
    });
    // Visitors name their zone, and may spell it in many ways.
    if (formatters.size >= FORMATTERS_MAX) formatters.clear();
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

function localTime(at: string, timeZone: string): LocalTime {
  const parts: Partial<Record<string, string>> = {};
  for (
    const { type, value } of formatterOf(timeZone).formatToParts(Date.parse(at))
  ) {
    parts[type] = value;
  }
  return parts as unknown as LocalTime;
}

/** Days since 1970 on the local calendar: whole numbers that can be subtracted, whatever the clocks do. */
function dayNumber({ year, month, day }: LocalTime): number {
  return Math.round(
    Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS,
  );
}

function weekdayOf(local: LocalTime): string {
  return WEEKDAYS[((dayNumber(local) + 4) % 7 + 7) % 7]!;
}

/** How many calendar days the time is after today; negative before. */
function daysAhead(at: string, timeZone: string, now: string): number {
  return dayNumber(localTime(at, timeZone)) -
    dayNumber(localTime(now, timeZone));
}

const NEAR_DAYS: Partial<Record<number, string>> = {
  [-1]: "Yesterday",
  0: "Today",
  1: "Tomorrow",
};

/** "14:30" */
export function clock(at: string, timeZone: string): string {
  const { hour, minute } = localTime(at, timeZone);
  return `${hour}:${minute}`;
}

/** "14:30:05" */
export function clockWithSeconds(at: string, timeZone: string): string {
  return `${clock(at, timeZone)}:${localTime(at, timeZone).second}`;
}

/** "Today", "Tomorrow", "Yesterday", else "Thursday 26 November", with the year if it is another one. */
export function day(at: string, timeZone: string, now: string): string {
  return NEAR_DAYS[daysAhead(at, timeZone, now)] ?? date(at, timeZone, now);
}

/** "26 November", with the year if it is another one; the month perhaps shortened. */
function dayOfYear(
  { year, month, day }: LocalTime,
  letters: number | undefined,
  thisYear: string,
): string {
  const name = MONTHS[Number(month) - 1]!.slice(0, letters);
  return `${Number(day)} ${name}${year === thisYear ? "" : ` ${year}`}`;
}

/** "Thursday 26 November", with the year if it is another one. */
export function date(at: string, timeZone: string, now: string): string {
  const local = localTime(at, timeZone);
  const { year } = localTime(now, timeZone);
  return `${weekdayOf(local)} ${dayOfYear(local, undefined, year)}`;
}

/** "20 Nov", with the year if it is another one. */
export function shortDate(at: string, timeZone: string, now: string): string {
  const { year } = localTime(now, timeZone);
  return dayOfYear(localTime(at, timeZone), 3, year);
}

/** "Today 14:30", else "Thursday 26 Nov, 09:00". */
export function moment(at: string, timeZone: string, now: string): string {
  const near = NEAR_DAYS[daysAhead(at, timeZone, now)];
  if (near !== undefined) return `${near} ${clock(at, timeZone)}`;
  const weekday = weekdayOf(localTime(at, timeZone));
  return `${weekday} ${shortDate(at, timeZone, now)}, ${clock(at, timeZone)}`;
}

/** "Thursday 26 November, 09:00": a moment that does not depend on today. */
export function fullMoment(at: string, timeZone: string, now: string): string {
  return `${date(at, timeZone, now)}, ${clock(at, timeZone)}`;
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? "" : "s"}`;
}

function minutesInWords(minutes: number): string {
  if (minutes < 60) return count(minutes, "minute");
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} hr${rest === 0 ? "" : ` ${rest} min`}`;
}

/**
 * How far the time is away: "now", "in 12 minutes", "1 hr 42 min ago", and
 * from a day on in calendar days: "in 2 days". The future is rounded up and
 * the past down, as one reads a clock.
 */
export function relative(at: string, timeZone: string, now: string): string {
  const ahead = Date.parse(at) - Date.parse(now);
  const minutes = ahead > 0
    ? Math.ceil(ahead / 60_000)
    : Math.floor(-ahead / 60_000);
  if (minutes === 0) return "now";
  const words = Math.abs(ahead) < DAY_MS
    ? minutesInWords(minutes)
    : count(Math.max(1, Math.abs(daysAhead(at, timeZone, now))), "day");
  return ahead > 0 ? `in ${words}` : `${words} ago`;
}

/** "18 minutes", "1 hr 5 min", "less than a minute". */
export function duration(seconds: number): string {
  return seconds < 60
    ? "less than a minute"
    : minutesInWords(Math.floor(seconds / 60));
}

/** How long it has been: the duration from then to now. */
export function elapsed(since: string, now: string): string {
  return duration(Math.max(0, (Date.parse(now) - Date.parse(since)) / 1000));
}

/** "Good morning" until noon, "Good afternoon" until six, then "Good evening". */
export function greeting(timeZone: string, now: string): string {
  const hour = Number(localTime(now, timeZone).hour);
  if (hour >= 4 && hour < 12) return "Good morning";
  return hour >= 12 && hour < 18 ? "Good afternoon" : "Good evening";
}
