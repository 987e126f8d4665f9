import type { SessionView } from "@/lib/sessions/view.ts";
import {
  clock,
  date,
  day,
  elapsed,
  relative,
  shortDate,
} from "@/lib/ui/times.ts";
import { agenda, firstName } from "@/lib/ui/session_words.ts";
import { isPatientWaiting } from "@/lib/ui/doctor_words.ts";
import type { VisitView } from "@/lib/visits/view.ts";

/** A visit as a line of the doctor's agenda. */
export interface VisitLine {
  visit: VisitView;
  /** Where the line leads. */
  href: string;
  /** The time that matters next; what it is follows from `when` and `more`. */
  at: string;
  /** The time in large figures, or the day if it is another one. */
  time: string;
  when: string;
  more: string;
  /** The patient is waiting in front of the screen now. */
  waitingSince: string | null;
}

/** What a line of the agenda is read by. */
export interface AgendaReader {
  timeZone: string;
  now: string;
}

/**
 * The agenda: every visit with the time that matters next. Who waits or talks
 * comes first, then what is planned, soonest first, then visits without a
 * plan, newest first.
 */
export function visitAgenda(
  visits: readonly VisitView[],
  sessions: readonly SessionView[],
  reader: AgendaReader,
): VisitLine[] {
  const ofVisit = Map.groupBy(sessions, ({ visit_id }) => visit_id);
  return visits
    .map((visit) => ({
      ...visitLine(visit, ofVisit.get(visit.id) ?? [], reader),
    }))
    .sort((a, b) =>
      a.rank - b.rank ||
      (a.rank < 3 ? compare(a.at, b.at) : compare(b.at, a.at))
    )
    .map(({ rank: _, ...line }) => line);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function visitLine(
  visit: VisitView,
  sessions: readonly SessionView[],
  { timeZone, now }: AgendaReader,
): VisitLine & { rank: number } {
  const { ahead, past } = agenda(sessions);
  const waiting = ahead.find(isPatientWaiting);
  const open = visit.status === "OPEN";
  const line = {
    visit,
    href: `/visits/${visit.id}${open ? "/telemedicine" : ""}`,
    waitingSince: waiting?.presence.patient?.at ?? null,
  };
  const next = waiting ?? ahead[0];
  if (next !== undefined) {
    const runs = next.status === "IN_PROGRESS";
    const others = ahead.length - 1;
    return {
      ...line,
      rank: waiting !== undefined ? 0 : runs ? 1 : 2,
      at: next.scheduled_start,
      ...timeOf(next.scheduled_start, timeZone, now),
      ...(runs
        ? {
          when: `live for ${
            elapsed(next.started_at ?? next.scheduled_start, now)
          }`,
        }
        : {}),
      more: waiting !== undefined
        ? `${firstName(visit.patient.name)} is waiting for you now`
        : (runs ? "In a session now" : "Session scheduled") +
          (others > 0 ? `, ${others} more to come` : ""),
    };
  }
  const last = past[0];
  const at = last?.scheduled_start ?? visit.created_at;
  return {
    ...line,
    rank: 3,
    at,
    ...timeOf(at, timeZone, now),
    more: last === undefined
      ? "No session yet"
      : `${counted(past.length)} past`,
  };
}

function counted(sessions: number): string {
  return `${sessions} session${sessions === 1 ? "" : "s"}`;
}

/** Today's times are read as a clock, others as a day with the clock below. */
function timeOf(
  at: string,
  timeZone: string,
  now: string,
): { time: string; when: string } {
  const word = day(at, timeZone, now);
  const time = clock(at, timeZone);
  if (word === "Today") return { time, when: relative(at, timeZone, now) };
  const isNear = word !== date(at, timeZone, now);
  return { time: isNear ? word : shortDate(at, timeZone, now), when: time };
}
