import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { ReadMessagesBody } from "@/lib/messages/requests.ts";
import { markRead } from "@/lib/messages/service.ts";
import { unreadOf } from "@/lib/messages/thread.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/visits/:id/messages/read{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    const { up_to } = await readJson(req, ReadMessagesBody);
    const thread = await markRead(state.services, caller, params.id!, up_to);
    const seat = caller.actor.role === "doctor" ? "doctor" : "patient";
    return Response.json({
      read_up_to: thread.read[seat]!.upTo,
      unread: unreadOf(thread, seat),
    });
  },
});
