import { watchQueue } from "@/lib/calls/live_service.ts";
import { requireCallDoctor } from "@/lib/calls/policy.ts";
import { define } from "@/lib/define.ts";
import { eventStream } from "@/lib/http/events.ts";
import { requireCaller } from "@/lib/http/guards.ts";

export const handler = define.handlers({
  GET({ state }) {
    const caller = requireCaller(state);
    // A plain refusal, not a stream that breaks.
    requireCallDoctor(caller.actor);
    return eventStream(async function* (signal) {
      for await (const now of watchQueue(state.services, caller, signal)) {
        if (now === null) yield { event: "signed_out", data: {} };
        else yield { event: "queue", data: now.value };
      }
    });
  },
});
