import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { eventStream } from "@/lib/http/events.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { watchThread } from "@/lib/live/service.ts";
import { sideOf } from "@/lib/messages/policy.ts";
import { viewThread } from "@/lib/messages/view.ts";
import { getVisit } from "@/lib/visits/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/visits/:id/messages/events{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    // A stranger gets a plain 404, not a stream that breaks.
    const visit = await getVisit(state.services, caller, params.id!);
    const seat = sideOf(caller.actor, visit);
    return eventStream(async function* (signal) {
      for await (
        const now of watchThread(state.services, caller, visit.id, signal)
      ) {
        if (now === null) yield { event: "signed_out", data: {} };
        else yield { event: "messages", data: viewThread(now.value, seat) };
      }
    });
  },
});
