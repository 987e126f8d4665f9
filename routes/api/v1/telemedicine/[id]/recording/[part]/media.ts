import type { RouteConfig } from "fresh";
import { define } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readQuery } from "@/lib/http/input.ts";
import { MediaQuery, Part } from "@/lib/recordings/requests.ts";
import { openMedia } from "@/lib/recordings/service.ts";

export const config: RouteConfig = {
  routeOverride: "/api/v1/telemedicine/:id/recording/:part/media{/}?",
};

export const handler = define.handlers({
  async GET({ req, url, params, state }) {
    const caller = requireCaller(state);
    const part = Part.safeParse(params.part);
    if (!part.success) {
      throw new AppError("not_found", "A recording has no such part");
    }
    const { section } = readQuery(url, MediaQuery);
    return await openMedia(state.services, caller, params.id!, {
      part: part.data,
      section,
      range: req.headers.get("range"),
      signal: req.signal,
    });
  },
});
