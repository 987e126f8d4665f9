/**
 * What happens to compositions, and its status callback parameters
 * (https://www.twilio.com/docs/video/api/status-callbacks#composition-status-callbacks).
 *
 * @module
 */
import type { CompositionOptions } from "../hooks/composition_options.ts";
import type { CompositionHook } from "../hooks/hooks.ts";
import type { Room } from "../rooms/records.ts";
import type { Composition } from "./compositions.ts";
import { wholeSeconds } from "./recordings.ts";

/** An event of a composition. Its `type` is the `StatusCallbackEvent`. */
export interface CompositionEvent {
  readonly type:
    | "composition-enqueued"
    | "composition-hook-failed"
    | "composition-started"
    | "composition-progress"
    | "composition-available"
    | "composition-failed";
  readonly room: Room;
  /** `null` when a hook failed to make one. */
  readonly composition: Composition | null;
  readonly hook: CompositionHook | null;
  /** Where to send the callback. */
  readonly options: CompositionOptions;
  /** What went wrong. */
  readonly error?: string;
  /** How much is done. */
  readonly percent?: number;
  /** How long the rest will take. */
  readonly secondsRemaining?: number;
}

/** All parameters of an event. */
export function compositionParameters(
  event: CompositionEvent,
  now: Date,
): Map<string, string> {
  const { type, room, composition, hook, error, percent } = event;
  const params = new Map([
    ["AccountSid", room.accountSid],
    ["RoomSid", room.sid],
    ["StatusCallbackEvent", type],
    ["Timestamp", now.toISOString()],
  ]);
  const uri = `/v1/Compositions/${composition?.sid}`;
  if (composition) {
    params.set("CompositionSid", composition.sid);
    params.set("CompositionUri", uri);
  }
  const tellsHook = type === "composition-enqueued" ||
    type === "composition-hook-failed";
  if (hook && tellsHook) {
    params.set("HookSid", hook.sid);
    params.set("HookUri", `/v1/CompositionHooks/${hook.sid}`);
    params.set("HookFriendlyName", hook.friendlyName);
  }
  if (composition && type === "composition-available") {
    params.set("MediaUri", `${uri}/Media`);
    params.set("Duration", String(wholeSeconds(composition.seconds)));
    params.set("Size", String(composition.size));
  }
  if (percent !== undefined) {
    params.set("PercentageDone", String(percent));
    // Copying packets takes no time to speak of.
    params.set("SecondsRemaining", String(event.secondsRemaining ?? 0));
  }
  if (error !== undefined) {
    params.set(
      "FailedOperation",
      composition ? "CompositionProcessing" : "CompositionEnqueue",
    );
    params.set("ErrorMessage", error);
  }
  return params;
}
