import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { answerCommand } from "@/lib/http/session_command.ts";
import { offerVideo } from "@/lib/sessions/switching_service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/video_offer{/}?",
};

export const handler = define.handlers({
  POST: (ctx) => answerCommand(ctx, offerVideo),
});
