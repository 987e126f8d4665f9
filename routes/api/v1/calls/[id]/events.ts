import type { RouteConfig } from "fresh";
import { watchCall } from "@/lib/calls/live_service.ts";
import { noteWaitingPatient } from "@/lib/calls/presence_service.ts";
import { getCall } from "@/lib/calls/service.ts";
import { define } from "@/lib/define.ts";
import { eventStream } from "@/lib/http/events.ts";
import { requireCaller } from "@/lib/http/guards.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/calls/:id/events{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    // A stranger gets a plain 404, not a stream that breaks.
    const { call } = await getCall(
      state.services,
      caller,
      params.id!,
      "follow",
    );
    await noteWaitingPatient(state.services, caller, call);
    return eventStream(async function* (signal) {
      const live = watchCall(state.services, caller, call.id, signal);
      for await (const now of live) {
        if (now === null) yield { event: "signed_out", data: {} };
        else yield { event: "call", data: now.value };
      }
    });
  },
});
