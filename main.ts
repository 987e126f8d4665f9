import { parseConfig } from "@/lib/config.ts";
import { readEnvironment } from "@/lib/server/environment.ts";
import { createRuntime } from "@/lib/server/runtime.ts";

const environment = await readEnvironment();

/** What the server has to know besides the app: see `lib/server/serve.ts`. */
export const runtime = await createRuntime(
  parseConfig(environment),
  environment,
);

/** The app, as Fresh looks for it. */
export const app = runtime.app;
