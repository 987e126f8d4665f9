import { page } from "fresh";
import { define } from "@/lib/define.ts";
import { requireMay } from "@/lib/http/guards.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";

export const handler = define.handlers({
  GET(ctx) {
    requireMay(ctx.state, "administer");
    ctx.state.title = "Administration";
    return page();
  },
});

/** Says what there is for an administrator, and what there is not. */
export default define.page(function Admin() {
  return (
    <Main width="reading">
      <h1>Administration</h1>
      <p class="mt-2 text-lg">
        Is everything ready for calls? The set-up page checks it, and says what
        to mend.
      </p>
      <p class="mt-5">
        <a class="btn btn-primary" href="/admin/setup">
          <Icon name="shield-check" />
          Check the set-up
        </a>
      </p>
      <p class="mt-6 text-muted">
        Visits and sessions are open to their own doctor and patient only, so an
        administrator does not see them.
      </p>
    </Main>
  );
});
