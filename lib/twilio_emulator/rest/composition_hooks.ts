/**
 * `/CompositionHooks` and `/CompositionHooks/{HK}`
 * (https://www.twilio.com/docs/video/api/composition-hooks).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import { type CompositionHook, parseHookOptions } from "../hooks/hooks.ts";
import { notFound, type RestCall, type RestHandler } from "./call.ts";
import { compositionOptionsView } from "./composition_view.ts";
import { isoSeconds, isoSecondsOrNull } from "./dates.ts";
import { createdBetween } from "./filters.ts";
import { paginate } from "./paging.ts";
import { json, noContent } from "./responses.ts";

/** POST `/CompositionHooks`: 201. */
export const createHook: RestHandler = ({ account, core, form, base }) => {
  const hook = core.hooks.create(account.accountSid, parseHookOptions(form));
  return json(hookView(hook, base), 201);
};

/** GET `/CompositionHooks`. */
export const listHooks: RestHandler = ({ account, core, url, base }) => {
  const query = url.searchParams;
  const enabled = query.get("Enabled")?.toLowerCase() || null;
  if (enabled !== null && enabled !== "true" && enabled !== "false") {
    throw new TwilioFault(20001, "Invalid Enabled");
  }
  const named = nameFilter(query.get("FriendlyName"));
  const inTime = createdBetween(query);
  const matching = core.hooks.list(account.accountSid).filter((hook) =>
    (enabled === null || String(hook.enabled) === enabled) &&
    named(hook.friendlyName) && inTime(hook.dateCreated)
  );
  const { items, meta } = paginate(matching, url, "composition_hooks");
  return json({
    composition_hooks: items.map((hook) => hookView(hook, base)),
    meta,
  });
};

/** GET `/CompositionHooks/{HK}`. */
export const fetchHook: RestHandler = (call, sid = "") =>
  json(hookView(findHook(call, sid), call.base));

/** POST `/CompositionHooks/{HK}`: what is left out goes back to its default; 200. */
export const updateHook: RestHandler = (call, sid = "") => {
  const hook = findHook(call, sid);
  const updated = call.core.hooks.update(hook, parseHookOptions(call.form));
  return json(hookView(updated, call.base));
};

/** DELETE `/CompositionHooks/{HK}`: 204. */
export const removeHook: RestHandler = (call, sid = "") => {
  call.core.hooks.remove(findHook(call, sid));
  return noContent();
};

function findHook(call: RestCall, sid: string): CompositionHook {
  const hook = call.core.hooks.find(call.account.accountSid, sid);
  if (!hook) throw notFound(call);
  return hook;
}

/** In any case of letters; `*` stands for any text. */
function nameFilter(pattern: string | null): (name: string) => boolean {
  if (!pattern) return () => true;
  const source = pattern.split("*").map(RegExp.escape).join(".*");
  const expression = new RegExp(`^${source}$`, "is");
  return (name) => expression.test(name);
}

function hookView(
  hook: CompositionHook,
  base: string,
): Record<string, unknown> {
  return {
    account_sid: hook.accountSid,
    friendly_name: hook.friendlyName,
    enabled: hook.enabled,
    date_created: isoSeconds(hook.dateCreated),
    date_updated: isoSecondsOrNull(hook.dateUpdated),
    sid: hook.sid,
    ...compositionOptionsView(hook.composition),
    url: `${base}/CompositionHooks/${hook.sid}`,
  };
}
