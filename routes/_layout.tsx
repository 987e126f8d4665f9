import { countWaiting } from "@/lib/calls/service.ts";
import { define } from "@/lib/define.ts";
import { logError } from "@/lib/log.ts";
import { Header } from "@/lib/ui/Header.tsx";
import { SkipLink } from "@/lib/ui/Main.tsx";

/** The header around every page but the sign-in page and the call. */
export default define.layout(
  async function Layout({ Component, state, url }) {
    const { caller, services } = state;
    // Error pages have a header too, also when the storage is what is wrong.
    const waiting = caller?.actor.role === "doctor"
      ? await countWaiting(services, caller).catch((error) => {
        logError("Cannot count who waits", error);
        return 0;
      })
      : 0;
    return (
      <>
        <SkipLink />
        <Header
          actor={caller?.actor ?? null}
          path={url.pathname}
          waiting={waiting}
        />
        <Component />
      </>
    );
  },
);
