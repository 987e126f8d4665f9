import { define } from "@/lib/define.ts";
import { clearedSignInCookie } from "@/lib/http/cookies.ts";
import { signOut } from "@/lib/sign_in/service.ts";

/** Ends the sign-in of this browser; it is fine if there is none. */
export const handler = define.handlers({
  async POST(ctx) {
    const { services, config, caller } = ctx.state;
    if (caller !== null) await signOut(services, caller);
    const answer = ctx.redirect("/login?signed_out=1", 303);
    answer.headers.append("set-cookie", clearedSignInCookie(config));
    return answer;
  },
});
