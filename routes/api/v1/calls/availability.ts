import { setAvailability } from "@/lib/calls/availability_service.ts";
import { AvailabilityBody } from "@/lib/calls/requests.ts";
import { noteDoctorHere } from "@/lib/calls/presence_service.ts";
import { getQueue } from "@/lib/calls/service.ts";
import { viewAvailability } from "@/lib/calls/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";

export const handler = define.handlers({
  /** Asked for again and again it also says that the doctor is there. */
  async GET({ state }) {
    const caller = requireCaller(state);
    await noteDoctorHere(state.services, caller);
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
