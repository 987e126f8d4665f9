import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { answerCommand } from "@/lib/http/session_command.ts";
import { startSession } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/start{/}?",
};

export const handler = define.handlers({
  POST: (ctx) => answerCommand(ctx, startSession),
});
