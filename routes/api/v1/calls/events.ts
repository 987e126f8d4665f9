import { watchQueue } from "@/lib/calls/live_service.ts";
import { noteDoctorHere } from "@/lib/calls/presence_service.ts";
import { define } from "@/lib/define.ts";
import { eventStream } from "@/lib/http/events.ts";
import { requireMay } from "@/lib/http/guards.ts";

export const handler = define.handlers({
  async GET({ state }) {
    // A plain refusal, not a stream that breaks.
    const caller = requireMay(state, "take_calls");
    await noteDoctorHere(state.services, caller);
    return eventStream(async function* (signal) {
      for await (const now of watchQueue(state.services, caller, signal)) {
        if (now === null) yield { event: "signed_out", data: {} };
        else yield { event: "queue", data: now.value };
      }
    });
  },
});
