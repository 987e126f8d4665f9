import type { Caller } from "@/lib/accounts/account.ts";
import { getCall, getQueue } from "@/lib/calls/service.ts";
import { QUEUE_TOUCHED_KEY } from "@/lib/calls/keys.ts";
import {
  type CallView,
  type QueueView,
  viewCall,
  viewQueue,
} from "@/lib/calls/view.ts";
import { findCall } from "@/lib/calls/store.ts";
import { type Live, watch } from "@/lib/live/service.ts";
import type { Services } from "@/lib/services.ts";
import { touchedKey } from "@/lib/sessions/keys.ts";

/**
 * The request now and whenever something changes for whoever asks: its place
 * in the queue, too. Ends like `watchSession`. Waiting counts as activity,
 * as long as somebody is there.
 */
export function watchCall(
  services: Services,
  caller: Caller,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Live<CallView>> {
  return watch(services, caller, signal, {
    // What becomes of the call once it is accepted.
    keys: [QUEUE_TOUCHED_KEY, touchedKey(caller.actor.accountId)],
    read: async (current) =>
      viewCall(await getCall(services, current, id, "follow"), current.actor),
    versionOf: (view) => JSON.stringify(view),
    isActivity: ({ status, away }) => status === "WAITING" && !away,
  });
}

/**
 * The queue now and whenever it changes. Taking calls counts as activity:
 * nobody is signed out over waiting for the next one, as long as they are there.
 * A page whose doctor has gone takes none any more when some have rung there
 * unanswered.
 */
export function watchQueue(
  services: Services,
  caller: Caller,
  signal: AbortSignal,
): AsyncGenerator<Live<QueueView>> {
  let isHere = false;
  let known: string[] = [];
  return watch(services, caller, signal, {
    // What is planned stands beside it.
    keys: [QUEUE_TOUCHED_KEY, touchedKey(caller.actor.accountId)],
    async read(current) {
      const seen = await getQueue(services, current);
      const { calls, doctors } = seen.queue;
      isHere = doctors.some((one) =>
        one.id === current.actor.accountId && one.isHere
      );
      const waiting = new Set(calls.map(({ id }) => id));
      const left = known.filter((id) => !waiting.has(id));
      const view = viewQueue(
        seen,
        current.actor,
        await Promise.all(left.map((id) => findCall(services.kv, id))),
      );
      known = view.calls.map(({ id }) => id);
      return view;
    },
    versionOf: (view) => JSON.stringify({ ...view, gone: null, now: null }),
    isActivity: () => isHere,
  });
}
