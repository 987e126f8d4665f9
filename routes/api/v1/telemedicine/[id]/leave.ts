import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { answerCommand } from "@/lib/http/session_command.ts";
import { leaveSession } from "@/lib/sessions/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/leave{/}?",
};

export const handler = define.handlers({
  POST: (ctx) => answerCommand(ctx, leaveSession),
});
