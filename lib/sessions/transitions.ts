import { ENDING } from "@/lib/sessions/ending.ts";
import type {
  Handlers,
  SessionEvent,
  Surroundings,
} from "@/lib/sessions/events.ts";
import { PLANNING } from "@/lib/sessions/planning.ts";
import { RECORDING } from "@/lib/sessions/recording_events.ts";
import type { Session } from "@/lib/sessions/session.ts";
import { STARTING } from "@/lib/sessions/starting.ts";
import { STAYING } from "@/lib/sessions/staying.ts";
import { SWITCHING } from "@/lib/sessions/switching.ts";

/** Every event has its handler in one of these files. */
const HANDLERS: Handlers<SessionEvent["type"]> = {
  ...PLANNING,
  ...STARTING,
  ...STAYING,
  ...SWITCHING,
  ...RECORDING,
  ...ENDING,
};

/**
 * The session after the event, or null if the event changes nothing. Throws
 * `AppError` if the event is refused. Pure and total: every status takes
 * every event.
 *
 *     SCHEDULED ──start_requested, start_confirmed──▶ IN_PROGRESS ──▶ COMPLETED
 *         │                                ended, room_ended, overran
 *         ├──cancelled, expired──────────────────▶ CANCELLED
 *         └──start_failed, start_expired (3rd)───▶ FAILED
 *
 * Joining and leaving only change who is where; the session goes on until its
 * doctor ends it, the doctor stays away, or the room is gone. A voice call
 * that both want to see each other in moves to another room meanwhile.
 */
export function decide(
  session: Session,
  event: SessionEvent,
  around: Surroundings,
): Session | null {
  const next = HANDLERS[event.type](session, event as never, around);
  return next === null ? null : { ...next, rev: session.rev + 1 };
}
