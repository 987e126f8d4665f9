import { page } from "fresh";
import MessageThread from "@/islands/MessageThread.tsx";
import { define } from "@/lib/define.ts";
import { messagePage, sendFromPage } from "@/lib/http/message_page.ts";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";

export const handler = define.handlers({
  async GET(ctx) {
    return page(await messagePage(ctx, "doctor"));
  },

  /** Sends a message. */
  async POST(ctx) {
    const refused = await sendFromPage(ctx, "doctor");
    if (refused !== null) return page(refused.data, { status: refused.status });
    return ctx.redirect(`/visits/${ctx.params.visitId}/messages#latest`, 303);
  },
});

/** The doctor's messages with the patient of a visit. */
export default define.page<typeof handler>(function Messages({ data, state }) {
  const { visit, thread } = data;
  return (
    <Main width="reading">
      <Crumb href={`/visits/${visit.id}`}>Visit</Crumb>
      <div class="mt-1 mb-2 flex flex-wrap items-center gap-3">
        <h1>Messages with {visit.patient.name}</h1>
        <StatusPill status={visit.status} />
      </div>
      <p>{visit.reason}</p>
      <MessageThread {...thread} timeZone={state.timeZone} />
    </Main>
  );
});
