import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { VideoAnswerBody } from "@/lib/sessions/requests.ts";
import { answerVideo } from "@/lib/sessions/switching_service.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/video_answer{/}?",
};

export const handler = define.handlers({
  async POST({ req, params, state }) {
    const caller = requireCaller(state);
    const answer = await readJson(req, VideoAnswerBody);
    const session = await answerVideo(
      state.services,
      caller,
      params.id!,
      answer,
    );
    return Response.json(viewSession(session, caller.actor));
  },
});
