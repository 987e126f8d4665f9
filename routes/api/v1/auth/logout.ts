import { define } from "@/lib/define.ts";
import { clearedSignInCookie } from "@/lib/http/cookies.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { signOut } from "@/lib/sign_in/service.ts";

export const handler = define.handlers({
  async POST({ state }) {
    await signOut(state.services, requireCaller(state));
    return new Response(null, {
      status: 204,
      headers: {
        "set-cookie": clearedSignInCookie(state.config),
        "clear-site-data": '"cache", "storage"',
      },
    });
  },
});
