import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson } from "@/lib/http/input.ts";
import { secretJson } from "@/lib/http/secret.ts";
import { TokenBody } from "@/lib/sessions/requests.ts";
import { requestAccess } from "@/lib/sessions/service.ts";

export const handler = define.handlers({
  async POST({ req, state }) {
    const caller = requireCaller(state);
    const { session_id } = await readJson(req, TokenBody);
    return secretJson(
      await requestAccess(state.services, caller, session_id),
    );
  },
});
