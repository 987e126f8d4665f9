import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { requireRole } from "@/lib/http/guards.ts";
import { Main } from "@/lib/ui/Main.tsx";

export const handler = define.handlers({
  GET(ctx) {
    requireRole(ctx.state, "admin");
    ctx.state.title = "Administration";
    return page();
  },
});

/** Says what there is for an administrator, and what there is not. */
export default define.page(function Admin() {
  return (
    <Main width="reading">
      <h1>Administration</h1>
      <p class="mt-2 text-lg">There is nothing to administer here yet.</p>
      <p class="mt-4 text-muted">
        Visits and sessions are open to their own doctor and patient only, so an
        administrator does not see them.
      </p>
    </Main>
  );
});
