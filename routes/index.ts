import { define } from "@/lib/define.ts";
import { homeOf } from "@/lib/ui/home.ts";

/** Sends everybody to where they begin. */
export const handler = define.handlers({
  GET(ctx) {
    const { caller } = ctx.state;
    return ctx.redirect(caller === null ? "/login" : homeOf(caller.actor.role));
  },
});
