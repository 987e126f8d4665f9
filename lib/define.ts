import { createDefine } from "fresh";
import type { Caller, Client } from "@/lib/accounts/account.ts";
import type { Config } from "@/lib/config.ts";
import type { Services } from "@/lib/services.ts";

/** What every request carries; filled by the middlewares in `main.ts`. */
export interface State {
  services: Services;
  config: Config;
  client: Client;
  /** Who is signed in, or null. */
  caller: Caller | null;
  /** IANA name of the zone the visitor's times are shown in. */
  timeZone: string;
  /** The page's title, set by its handler; `_app` writes it. */
  title?: string;
}

/** The one typed door to the framework: `define.handlers`, `define.page`, `define.middleware`. */
export const define = createDefine<State>();
