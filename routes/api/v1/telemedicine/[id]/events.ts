import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { eventStream } from "@/lib/http/events.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { watchSession } from "@/lib/live/service.ts";
import { getSession } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/events{/}?",
};

export const handler = define.handlers({
  async GET({ params, state }) {
    const caller = requireCaller(state);
    // A stranger gets a plain 404, not a stream that breaks.
    const { id } = await getSession(state.services, caller, params.id!);
    return eventStream(async function* (signal) {
      for await (
        const now of watchSession(state.services, caller, id, signal)
      ) {
        if (now === null) yield { event: "signed_out", data: {} };
        else {
          const data = viewSession(now.value, now.caller.actor);
          yield { event: "session", data };
        }
      }
    });
  },
});
