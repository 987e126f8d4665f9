import type { Actor, Role } from "@/lib/accounts/account.ts";
import { Face } from "@/lib/ui/Face.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Logo } from "@/lib/ui/Logo.tsx";

const PATIENT_HOME = "/patient-portal/dashboard";
const QUEUE = "/doctor/queue";

/** Where each role goes besides its home. */
const LINKS: Record<Role, [href: string, name: string][]> = {
  doctor: [["/visits", "Visits"], [QUEUE, "Queue"]],
  patient: [],
  admin: [["/admin/setup", "Set-up"]],
};

/** Whether a link leads to this page, or to one above it. */
function currentOf(href: string, path: string): "page" | "true" | undefined {
  if (path === href) return "page";
  return path.startsWith(`${href}/`) ? "true" : undefined;
}

/** What `Header` takes. */
export interface HeaderProps {
  /** Who is signed in, or null. */
  actor: Actor | null;
  /** The path of the page, to mark where one is. */
  path: string;
  /** How many patients wait for any doctor; for doctors. */
  waiting: number;
}

/** The bar on top of every page: where one is, who one is, and the way out. */
export function Header({ actor, path, waiting }: HeaderProps) {
  const width = actor?.role === "patient" ? "max-w-5xl" : "max-w-6xl";
  return (
    <header class="bg-base-100 border-b border-hem noprint">
      <div
        class={`mx-auto ${width} px-4 sm:px-6 flex flex-wrap items-center gap-x-4 sm:gap-x-6 min-h-16`}
      >
        <Home actor={actor} path={path} />
        {actor !== null && LINKS[actor.role].length > 0 && (
          <nav
            class="nav order-last sm:order-none w-full sm:w-auto -ms-3 sm:ms-0 sm:self-stretch flex"
            aria-label="Main"
          >
            {LINKS[actor.role].map(([href, name]) => (
              <a key={href} href={href} aria-current={currentOf(href, path)}>
                {name}
                {href === QUEUE && <Count value={waiting} />}
              </a>
            ))}
          </nav>
        )}
        <div class="ms-auto flex items-center gap-2 sm:gap-3">
          {actor === null
            ? <a class="btn btn-quiet" href="/login">Sign in</a>
            : <SignedIn actor={actor} />}
        </div>
      </div>
    </header>
  );
}

/** How many wait. The page of the queue keeps it true by its id. */
function Count({ value }: { value: number }) {
  return (
    <span class="count" id="queue-count" hidden={value === 0}>
      {value} <span class="sr-only">waiting</span>
    </span>
  );
}

/** The logo; for patients on the pages below their home, the way back instead. */
function Home({ actor, path }: Pick<HeaderProps, "actor" | "path">) {
  if (actor?.role === "patient" && path !== PATIENT_HOME) {
    return (
      <a class="crumb -ms-1" href={PATIENT_HOME}>
        <Icon name="arrow-left" class="size-5 rtl:-scale-x-100" />
        Home
      </a>
    );
  }
  return (
    <a
      href="/"
      class="flex items-center gap-2.5 min-h-11 text-primary shrink-0"
    >
      <Logo />
    </a>
  );
}

function SignedIn({ actor }: { actor: Actor }) {
  return (
    <>
      <Face name={actor.name} class="size-9 max-[23rem]:hidden" />
      <span class="sr-only lg:not-sr-only font-medium">{actor.name}</span>
      <form method="post" action="/logout">
        <button type="submit" class="btn btn-ghost text-muted px-2.5!">
          <Icon name="log-out" class="size-5 rtl:-scale-x-100" />
          <span class="sr-only sm:not-sr-only">Sign out</span>
        </button>
      </form>
    </>
  );
}
