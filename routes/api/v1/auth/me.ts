import { viewAccount } from "@/lib/accounts/account.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";

export const handler = define.handlers({
  GET({ state }) {
    return Response.json({ user: viewAccount(requireCaller(state).actor) });
  },
});
