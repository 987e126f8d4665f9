import { page, type RouteConfig } from "fresh";
import MessageThread from "@/islands/MessageThread.tsx";
import { define } from "@/lib/define.ts";
import { messagePage, sendFromPage } from "@/lib/http/message_page.ts";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Main } from "@/lib/ui/Main.tsx";

export const config: RouteConfig = {
  routeOverride: "/patient-portal/messages/:visitId{/}?",
};

export const handler = define.handlers({
  async GET(ctx) {
    return page(await messagePage(ctx, "patient"));
  },

  /** Sends a message. */
  async POST(ctx) {
    const refused = await sendFromPage(ctx, "patient");
    if (refused !== null) return page(refused.data, { status: refused.status });
    const here = `/patient-portal/messages/${ctx.params.visitId}`;
    return ctx.redirect(`${here}#latest`, 303);
  },
});

/** The patient's messages with the doctor of a visit. */
export default define.page<typeof handler>(function Messages({ data, state }) {
  const { visit, thread } = data;
  return (
    <Main width="reading">
      <Crumb href="/patient-portal/messages">Messages</Crumb>
      <h1 class="mt-1">{visit.doctor.name}</h1>
      <p class="mt-1.5 mb-4">{visit.reason}</p>
      <Emergency />
      <MessageThread {...thread} timeZone={state.timeZone} />
    </Main>
  );
});
