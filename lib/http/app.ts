import { App, staticFiles } from "fresh";
import type { Config } from "@/lib/config.ts";
import type { State } from "@/lib/define.ts";
import { answerErrors } from "@/lib/http/answer_errors.tsx";
import { doOnce } from "@/lib/http/idempotency.ts";
import { identify, provide } from "@/lib/http/provide.ts";
import { requireSameOrigin } from "@/lib/http/same_origin.ts";
import { pagePolicy, securityHeaders } from "@/lib/http/security_headers.ts";
import type { Services } from "@/lib/services.ts";

/** Something else that answers below a path of its own, untouched by the app's middlewares. */
export interface Mount {
  path: string;
  handler: (request: Request) => Promise<Response>;
}

/**
 * The whole app over the services it is given. The middlewares stand in the
 * order in which a request meets them; whatever is thrown further in is
 * answered by `answerErrors`, so that headers and policy reach errors too.
 */
export function createApp(
  services: Services,
  config: Config,
  mounts: Mount[] = [],
): App<State> {
  return createFrame(services, config, mounts).fsRoutes();
}

/** The app but for its routes: what every request goes through. */
export function createFrame(
  services: Services,
  config: Config,
  mounts: Mount[] = [],
): App<State> {
  const app = new App<State>();
  for (const { path, handler } of mounts) {
    app.all(`${path}/*`, (ctx) => handler(ctx.req));
  }
  return app
    .use(provide(services, config))
    .use(securityHeaders)
    .use(staticFiles())
    .use(pagePolicy(config))
    .use(answerErrors)
    .use(requireSameOrigin)
    .use(identify)
    .use(doOnce);
}
