import { viewAccount } from "@/lib/accounts/account.ts";
import { define } from "@/lib/define.ts";
import { signInCookie } from "@/lib/http/cookies.ts";
import { readJson } from "@/lib/http/input.ts";
import { SignInBody } from "@/lib/sign_in/requests.ts";
import { signIn } from "@/lib/sign_in/service.ts";

export const handler = define.handlers({
  async POST({ req, state }) {
    const body = await readJson(req, SignInBody);
    const made = await signIn(state.services, state.client, body);
    const cookie = signInCookie(state.config, made.cookieValue, made.expiresAt);
    return Response.json({ user: viewAccount(made.caller.actor) }, {
      headers: { "set-cookie": cookie },
    });
  },
});
