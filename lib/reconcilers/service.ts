import { AppError } from "@/lib/errors.ts";
import { sweepCalls } from "@/lib/calls/sweep_service.ts";
import { type Lease, takeLease, whileHeld } from "@/lib/kv/lease.ts";
import { logError } from "@/lib/log.ts";
import { NEVER } from "@/lib/never.ts";
import { workOutbox } from "@/lib/outbox/service.ts";
import type { Services } from "@/lib/services.ts";
import { guardedVoice } from "@/lib/sessions/event_service.ts";
import { sweepRooms, sweepSessions } from "@/lib/sessions/sweep_service.ts";

/** Something that looks again and again whether everything is as it should be, and mends it. */
interface Reconciler {
  name: string;
  everyMs: number;
  /** Once over everything, or until it is asked to stop. */
  run(services: Services, lease: Lease, stop: AbortSignal): Promise<void>;
}

/** Each under a lease of its own, so that several processes share the work; each can be repeated at will. */
export const RECONCILERS: readonly Reconciler[] = [
  { name: "outbox", everyMs: 1_000, run: workOutbox },
  {
    name: "calls",
    everyMs: 1_000,
    run: (services, { guard }, stop) =>
      sweepCalls(services, guardedVoice(guard), stop),
  },
  {
    name: "sessions",
    everyMs: 30_000,
    run: (services, { guard }, stop) =>
      sweepSessions(services, guardedVoice(guard), stop),
  },
  {
    name: "rooms",
    everyMs: 5 * 60_000,
    run: (services, { guard }, stop) =>
      sweepRooms(services, guardedVoice(guard), stop),
  },
];

/** Runs a reconciler once, unless another process has its lease. Answers whether that went well; never throws. */
export async function reconcile(
  services: Services,
  { name, run }: Reconciler,
  owner: string,
  stop: AbortSignal = NEVER,
): Promise<boolean> {
  try {
    const lease = await takeLease(services.kv, name, owner, services.now);
    if (lease === null) return true;
    await whileHeld(lease, () => run(services, lease, stop));
    return true;
  } catch (error) {
    // Without a video service there is nothing to agree with.
    if (error instanceof AppError && error.code === "video_not_configured") {
      return true;
    }
    logError(`The reconciler "${name}" failed`, error);
    return false;
  }
}

/** Lets the next process have the leases at once. */
export async function releaseLeases(
  services: Services,
  owner: string,
): Promise<void> {
  for (const { name } of RECONCILERS) {
    const lease = await takeLease(services.kv, name, owner, services.now);
    await lease?.release();
  }
}
