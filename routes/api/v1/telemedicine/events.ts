import { define } from "@/lib/define.ts";
import { eventStream } from "@/lib/http/events.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readQuery } from "@/lib/http/input.ts";
import { watchSessions } from "@/lib/live/service.ts";
import { SessionEventsQuery } from "@/lib/sessions/requests.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const handler = define.handlers({
  GET({ state, url }) {
    const caller = requireCaller(state);
    const { visit_id } = readQuery(url, SessionEventsQuery);
    return eventStream(async function* (signal) {
      const live = watchSessions(state.services, caller, visit_id, signal);
      for await (const now of live) {
        if (now === null) yield { event: "signed_out", data: {} };
        else {
          const { actor } = now.caller;
          const data = now.value.map((session) => viewSession(session, actor));
          yield { event: "sessions", data };
        }
      }
    });
  },
});
