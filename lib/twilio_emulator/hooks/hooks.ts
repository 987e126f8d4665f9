/**
 * Composition hooks: each makes one composition of every room that ends
 * (https://www.twilio.com/docs/video/api/composition-hooks).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import { flag, required } from "../forms.ts";
import { newSid } from "../sid.ts";
import {
  type CompositionOptions,
  parseCompositionOptions,
} from "./composition_options.ts";

/** Longest name of a hook. */
const MAX_NAME = 100;

/** What can be chosen about a hook. */
export interface HookOptions {
  readonly friendlyName: string;
  readonly enabled: boolean;
  readonly composition: CompositionOptions;
}

/** A composition hook. */
export interface CompositionHook extends HookOptions {
  /** `HK…` */
  readonly sid: string;
  /** Rises with each record: the order of lists. */
  readonly order: number;
  readonly accountSid: string;
  readonly dateCreated: Date;
  /** `null` until the first update. */
  readonly dateUpdated: Date | null;
}

/**
 * Reads the form that creates or updates a hook: what is left out goes back
 * to its default.
 *
 * @throws {TwilioFault} 20001 naming the parameter; 53110 and 53111 for the
 * status callback.
 */
export function parseHookOptions(form: URLSearchParams): HookOptions {
  const friendlyName = required(form, "FriendlyName");
  if ([...friendlyName].length > MAX_NAME) {
    throw new TwilioFault(20001, "Invalid FriendlyName");
  }
  return {
    friendlyName,
    enabled: flag(form, "Enabled", true),
    composition: parseCompositionOptions(form),
  };
}

/** The hooks of an emulator. */
export class CompositionHooks {
  readonly #now: () => Date;
  readonly #hooks = new Map<string, CompositionHook>();
  #order = 0;

  /** @param now The clock. */
  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @throws {TwilioFault} 20001 when the account has a hook of that name. */
  create(accountSid: string, options: HookOptions): CompositionHook {
    this.#requireFreeName(accountSid, options.friendlyName);
    const hook: CompositionHook = {
      ...options,
      sid: newSid("HK"),
      order: this.#order++,
      accountSid,
      dateCreated: this.#now(),
      dateUpdated: null,
    };
    this.#hooks.set(hook.sid, hook);
    return hook;
  }

  /** @throws {TwilioFault} 20001 when the account has another hook of that name. */
  update(hook: CompositionHook, options: HookOptions): CompositionHook {
    const { accountSid, sid } = hook;
    this.#requireFreeName(accountSid, options.friendlyName, sid);
    const updated = { ...hook, ...options, dateUpdated: this.#now() };
    this.#hooks.set(sid, updated);
    return updated;
  }

  /** Removes a hook. */
  remove({ sid }: CompositionHook): void {
    this.#hooks.delete(sid);
  }

  /** The hook of the account with this SID. */
  find(accountSid: string, sid: string): CompositionHook | null {
    const hook = this.#hooks.get(sid);
    return hook?.accountSid === accountSid ? hook : null;
  }

  /** Every hook of the account, newest first. */
  list(accountSid: string): CompositionHook[] {
    return [...this.#hooks.values()]
      .filter((hook) => hook.accountSid === accountSid)
      .reverse();
  }

  /** Those that act when a room of the account ends, oldest first. */
  enabled(accountSid: string): CompositionHook[] {
    return this.list(accountSid).filter(({ enabled }) => enabled).reverse();
  }

  #requireFreeName(accountSid: string, name: string, except?: string): void {
    const taken = this.list(accountSid)
      .some((hook) => hook.friendlyName === name && hook.sid !== except);
    if (taken) {
      throw new TwilioFault(20001, "FriendlyName is already in use");
    }
  }
}
