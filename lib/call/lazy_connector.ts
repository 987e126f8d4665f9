import {
  type Connection,
  ConnectionError,
  type Connector,
} from "@/lib/call/connection.ts";
import type { VideoClientConfig } from "@/lib/video/provider.ts";

/** The connector of the video service, whose code arrives when somebody joins and not before. */
export function lazyConnector(video: VideoClientConfig): Connector {
  let loading: Promise<Connector> | null = null;

  const load = (): Promise<Connector> =>
    loading ??= import("@/lib/call/twilio_connector.ts").then(
      ({ twilioConnector }) => twilioConnector(video),
      (error) => {
        loading = null;
        throw new ConnectionError(
          "not_loaded",
          String(error?.message ?? error),
        );
      },
    );

  return {
    prepare(): void {
      load().then((connector) => connector.prepare(), () => {});
    },
    async connect(...args): Promise<Connection> {
      return (await load()).connect(...args);
    },
  };
}
