import type { App } from "fresh";
import type { Config } from "@/lib/config.ts";
import type { State } from "@/lib/define.ts";
import {
  ensureDemoClinic,
  refuseDemoClinic,
  reopenRooms,
} from "@/lib/demo/service.ts";
import { createApp } from "@/lib/http/app.ts";
import { closeEventStreams } from "@/lib/http/events.ts";
import { openStorage } from "@/lib/kv/open.ts";
import {
  type Background,
  runByCron,
  runInBackground,
} from "@/lib/server/background.ts";
import type { Services } from "@/lib/services.ts";
import { upgradeSessions } from "@/lib/sessions/upgrade_store.ts";
import { emulatorTarget, twilioTarget } from "@/lib/setup/target.ts";
import { openVideo } from "@/lib/video/open.ts";

/** The app with everything it stands on, and the two moments of its life that a server has to tell it of. */
export interface Runtime {
  app: App<State>;
  config: Config;
  /** To be called once the port is open: what needs the app to answer itself. */
  onListen(): Promise<void>;
  /** To be called when the port takes no more: ends what would go on for ever, streams, sockets and background work. */
  endStreams(): Promise<void>;
  /** To be called when the last request is answered: closes the storage. */
  close(): void;
}

/**
 * Puts the app together: configuration → services → app. `environment` is what
 * the configuration was read from. Throws `ConfigError`.
 */
export async function createRuntime(
  config: Config,
  environment: Readonly<Record<string, string>>,
): Promise<Runtime> {
  const kv = await openStorage(config.kvPath, config.kvAccessToken);
  await upgradeSessions(kv);
  const { provider, emulator } = await openVideo(config);
  const services: Services = {
    kv,
    video: provider,
    now: () => new Date(),
    setup: emulator === null
      ? twilioTarget(environment)
      : emulatorTarget(environment, emulator.access),
  };
  let isSeeded = false;
  if (config.appEnv === "production") await refuseDemoClinic(services);
  else isSeeded = await ensureDemoClinic(services);
  // An emulator on its own keeps its rooms, but never had those of the demo clinic.
  const reopens = emulator !== null ||
    (isSeeded && config.video.service === "external_emulator");
  let background: Background | null = null;
  // An emulator in this process knows the rooms of this process only: run by
  // the platform in another one, the sweeps would end sessions that go on.
  if (config.background === "cron" && emulator === null) runByCron(services);
  return {
    app: createApp(services, config, emulator === null ? [] : [emulator]),
    config,
    async onListen() {
      if (reopens) await reopenRooms(services);
      // Not before: a room that is missing must not end its session.
      if (config.background === "process") {
        background = runInBackground(services);
      }
    },
    async endStreams() {
      closeEventStreams();
      await background?.stop();
      await emulator?.close();
    },
    close: () => kv.close(),
  };
}
