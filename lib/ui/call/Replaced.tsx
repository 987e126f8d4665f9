import type { Call } from "@/lib/call/call_model.ts";
import { homeOf, type Me } from "@/lib/call/people.ts";
import { Icon } from "@/lib/ui/Icon.tsx";

/** The same person is in the call elsewhere. */
export default function Replaced({ call, me }: { call: Call; me: Me }) {
  return (
    <div class="max-w-2xl mx-auto">
      <p class="st st-wait">
        <Icon name="monitor" />
        Off here
      </p>
      <h1 class="mt-3">You joined from another device or tab</h1>
      <p class="text-lg mt-2" role="status">
        The call goes on there. This screen is off.
      </p>
      <div class="mt-6 grid gap-3 sm:flex">
        <button
          type="button"
          class="btn btn-primary btn-lg"
          aria-disabled={call.busy.value ? "true" : undefined}
          onClick={() => call.join()}
        >
          Use this device instead
        </button>
        <a class="btn btn-quiet btn-lg" href={homeOf(call.session.value, me)}>
          Stay there
        </a>
      </div>
    </div>
  );
}
