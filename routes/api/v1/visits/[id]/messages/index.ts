import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson, readQuery } from "@/lib/http/input.ts";
import { sideOf } from "@/lib/messages/policy.ts";
import { ListMessagesQuery, SendMessageBody } from "@/lib/messages/requests.ts";
import { readThread, sendMessage } from "@/lib/messages/service.ts";
import { viewMessage, viewThread } from "@/lib/messages/view.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/visits/:id/messages{/}?",
};

export const handler = define.handlers({
  async GET({ params, state, url }) {
    const caller = requireCaller(state);
    const query = readQuery(url, ListMessagesQuery);
    const page = await readThread(state.services, caller, params.id!, query);
    const seat = sideOf(caller.actor, page.visit);
    return Response.json(viewThread(page, seat));
  },

  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    const { text } = await readJson(req, SendMessageBody);
    const message = await sendMessage(
      state.services,
      caller,
      params.id!,
      text,
    );
    return Response.json(viewMessage(message), { status: 201 });
  },
});
