import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { listThreads } from "@/lib/messages/service.ts";
import { viewMessage } from "@/lib/messages/view.ts";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { ThreadRow } from "@/lib/ui/messages/ThreadRow.tsx";
import { viewVisit } from "@/lib/visits/view.ts";

const HERE = "/patient-portal/messages";

export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const caller = requireMay(ctx.state, "portal");
    const cursor = ctx.url.searchParams.get("cursor") ?? undefined;
    const { lines, next } = await listThreads(services, caller, { cursor });
    ctx.state.title = "Messages";
    return page({
      lines: lines.map(({ visit, last, unread }) => ({
        visit: viewVisit(visit, caller.actor),
        last: last === null ? null : viewMessage(last),
        unread,
      })),
      now: services.now().toISOString(),
      older: next === null
        ? null
        : `${HERE}?cursor=${encodeURIComponent(next)}`,
    });
  },
});

/** The patient's visits, with what was last written in each. */
export default define.page<typeof handler>(function Messages({ data, state }) {
  const { lines, now, older } = data;
  return (
    <Main width="reading">
      <h1>Messages</h1>
      {lines.length === 0
        ? (
          <p class="sheet p-5 mt-6 text-muted">
            No messages. When a doctor opens a visit for you, you can write to
            them here.
          </p>
        )
        : (
          <ul class="sheet sheet-rows mt-6">
            {lines.map((line) => (
              <ThreadRow
                key={line.visit.id}
                line={line}
                timeZone={state.timeZone}
                now={now}
              />
            ))}
          </ul>
        )}
      {older !== null && (
        <p class="mt-4">
          <a class="txt-tap" href={older}>
            Older visits
            <Icon name="chevron-right" class="size-5 rtl:-scale-x-100" />
          </a>
        </p>
      )}
      <Emergency class="mt-8" />
    </Main>
  );
});
