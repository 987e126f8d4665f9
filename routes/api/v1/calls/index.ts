import { ListCallsQuery, RequestCallBody } from "@/lib/calls/requests.ts";
import { noteDoctorHere } from "@/lib/calls/presence_service.ts";
import { getQueue, listOwnCalls, requestCall } from "@/lib/calls/service.ts";
import { viewCall, viewQueue } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson, readQuery } from "@/lib/http/input.ts";

export const handler = define.handlers({
  /** For a doctor the queue, for everybody else their own requests. */
  async GET({ state, url }) {
    const caller = requireCaller(state);
    const { actor } = caller;
    const page = readQuery(url, ListCallsQuery);
    if (actor.role === "doctor") {
      await noteDoctorHere(state.services, caller);
      const queue = await getQueue(state.services, caller);
      const { calls: results } = viewQueue(queue, actor);
      return Response.json({ results, next: null });
    }
    const { calls, next } = await listOwnCalls(state.services, caller, page);
    const results = calls.map((call) => viewCall(call, actor));
    return Response.json({ results, next });
  },

  async POST({ req, state }) {
    const caller = requireCaller(state);
    const wish = await readJson(req, RequestCallBody);
    const { isNew, ...seen } = await requestCall(state.services, caller, wish);
    return Response.json(viewCall(seen, caller.actor), {
      status: isNew ? 201 : 200,
      headers: { location: `/api/v1/calls/${seen.call.id}/` },
    });
  },
});
