import { setAvailability } from "@/lib/calls/availability_service.ts";
import { AvailabilityBody } from "@/lib/calls/requests.ts";
import { getQueue } from "@/lib/calls/service.ts";
import { viewAvailability } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";

export const handler = define.handlers({
  async GET({ state }) {
    const caller = requireCaller(state);
    const seen = await getQueue(state.services, caller);
    return Response.json(viewAvailability(seen.availability, seen.session));
  },

  async PUT({ req, state }) {
    const caller = requireCaller(state);
    const wish = await readJson(req, AvailabilityBody);
    const seen = await setAvailability(state.services, caller, wish);
    return Response.json(viewAvailability(seen.availability, seen.session));
  },
});
