import type { Role } from "@/lib/accounts/account.ts";
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from "@/lib/demo/clinic.ts";
import { DuskRoom } from "@/lib/ui/drawings.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";

const ROLES: Record<Role, { word: string; icon: IconName }> = {
  doctor: { word: "Doctor", icon: "stethoscope" },
  patient: { word: "Patient", icon: "user" },
  admin: { word: "Admin", icon: "shield-check" },
};

/** The people of the demo clinic, each one click away. */
export function DemoAccounts({ next }: { next: string }) {
  return (
    <aside
      class="px-5 sm:px-10 py-8 lg:py-12 flex flex-col justify-center gap-8"
      aria-labelledby="demo"
    >
      <div class="w-full max-w-xl mx-auto">
        <DuskRoom class="w-full h-40 sm:h-56 rounded-box hidden lg:block mb-8" />
        <h2 id="demo">Demo clinic</h2>
        <p class="text-muted mt-1">
          Nobody here is real. The password for every account is{" "}
          <code class="font-mono text-base-content">{DEMO_PASSWORD}</code>.
        </p>
        <ul class="sheet sheet-rows mt-4">
          {DEMO_ACCOUNTS.map(({ email, name, role }) => (
            <li
              key={email}
              class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 sm:px-5 py-3"
            >
              <span class="text-muted">
                <Icon name={ROLES[role].icon} class="size-5.5" />
              </span>
              <span class="min-w-0 flex-1 basis-44">
                <span class="block font-semibold">
                  {name}{" "}
                  <span class="font-normal text-muted">
                    · {ROLES[role].word}
                  </span>
                </span>
                <span class="block text-muted break-all">{email}</span>
              </span>
              <form method="post" action="/login">
                <input type="hidden" name="next" value={next} />
                <input type="hidden" name="email" value={email} />
                <input type="hidden" name="password" value={DEMO_PASSWORD} />
                <button type="submit" class="btn btn-quiet">
                  Sign in<span class="sr-only">{` as ${name}`}</span>
                </button>
              </form>
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}
