import { define } from "@/lib/define.ts";
import { Header } from "@/lib/ui/Header.tsx";
import { SkipLink } from "@/lib/ui/Main.tsx";

/** The header around every page but the sign-in page and the call. */
export default define.layout(function Layout({ Component, state, url }) {
  return (
    <>
      <SkipLink />
      <Header actor={state.caller?.actor ?? null} path={url.pathname} />
      <Component />
    </>
  );
});
