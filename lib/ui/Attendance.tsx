import { type Seat, SEATS } from "@/lib/sessions/session.ts";
import type { SessionView, StayView } from "@/lib/sessions/view.ts";
import { clockWithSeconds, duration } from "@/lib/ui/times.ts";

/** What `Attendance` takes. */
export interface AttendanceProps {
  session: SessionView;
  timeZone: string;
  /** The server's clock, for stays that last. */
  now: string;
}

/** When each was in the call, stay by stay, or that they never came. Nothing before the start. */
export function Attendance({ session, timeZone, now }: AttendanceProps) {
  if (session.started_at === null) return null;
  return (
    <section aria-labelledby="attendance">
      <h2 id="attendance" class="mb-3">In the call</h2>
      <dl class="sheet sheet-rows">
        {SEATS.map((seat) => (
          <div
            key={seat}
            class="px-5 py-3 sm:grid sm:grid-cols-[11rem_1fr]"
          >
            <dt class="text-muted">
              <bdi>{session[seat].name}</bdi>
            </dt>
            <dd class="font-medium num wrap-anywhere">
              {session.attendance[seat].length === 0
                ? absence(session, seat)
                : session.attendance[seat].map((stay) => (
                  <p key={stay.joined_at}>
                    {stayWords(stay, timeZone, now)}
                  </p>
                ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function stayWords(
  { joined_at, left_at }: StayView,
  timeZone: string,
  now: string,
): string {
  const from = clockWithSeconds(joined_at, timeZone);
  const seconds = (Date.parse(left_at ?? now) - Date.parse(joined_at)) / 1000;
  const length = duration(Math.round(seconds));
  return left_at === null
    ? `since ${from}, ${length}`
    : `${from} to ${clockWithSeconds(left_at, timeZone)}, ${length}`;
}

function absence({ no_show, status }: SessionView, seat: Seat): string {
  if (no_show.includes(seat)) return "Did not come";
  // Asked to join, but the video service never told of it.
  return status === "IN_PROGRESS" ? "Not here yet" : "Times are not known";
}
