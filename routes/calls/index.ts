import { RequestCallBody } from "@/lib/calls/requests.ts";
import { requestCall } from "@/lib/calls/service.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { check, readFields } from "@/lib/http/input.ts";

export const handler = define.handlers({
  /** Where the dashboard's buttons lead: into the queue. */
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const { mode, reason } = await readFields(ctx.req);
    const wish = check(RequestCallBody, { mode, reason });
    const { call } = await requestCall(ctx.state.services, caller, wish);
    return ctx.redirect(`/calls/${call.id}`, 303);
  },
});
