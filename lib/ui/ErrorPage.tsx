import { ERRORS } from "@/lib/errors.ts";
import { LampOff } from "@/lib/ui/drawings.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { Main } from "@/lib/ui/Main.tsx";

/** What `ErrorPage` takes. */
export interface ErrorPageProps {
  /** The HTTP status. */
  status: number;
  title: string;
  /** What exactly was refused; for whoever helps. */
  detail: string;
  /** Finds the request in the log. */
  requestId: string;
}

/** The page for anything that did not work: what happened, whose fault it is not, and the way out. */
export function ErrorPage(
  { status, title, detail, requestId }: ErrorPageProps,
) {
  const isMissing = status === 404;
  return (
    <Main width="narrow">
      {isMissing ? <LampOff /> : (
        <p class="st st-fail">
          <Icon name="triangle-alert" />
          {status >= 500 ? "Not your fault" : "Refused"}
        </p>
      )}
      <h1 class={isMissing ? "mt-6" : "mt-3"}>
        {title === ERRORS.not_found.title ? "There is no page here" : title}
      </h1>
      <p class="mt-2 text-lg">{explanation(status)}</p>
      <div class="mt-7 grid gap-3 sm:flex">
        {status >= 500 && (
          // An empty address is the page itself.
          <a class="btn btn-primary btn-lg" href="">
            <Icon name="refresh-cw" />
            Try again
          </a>
        )}
        <a
          class={`btn btn-lg ${status >= 500 ? "btn-quiet" : "btn-primary"}`}
          href="/"
        >
          Go to my visits
        </a>
      </div>
      <details class="mt-6">
        <summary class="min-h-11 py-2.5 font-semibold cursor-pointer">
          Technical details
        </summary>
        <p class="font-mono text-muted break-words">
          <bdi>{`${status} · ${detail} · ref ${requestId}`}</bdi>
        </p>
      </details>
      <Emergency class="mt-8" />
    </Main>
  );
}

function explanation(status: number): string {
  if (status === 404) {
    return "The address may be mistyped, the link may have expired, or it belongs to another account. Your visits are safe.";
  }
  if (status === 401) return "Sign in and open the page again.";
  if (status === 403) {
    return "You are signed in, but this is not for your account. If you think it should be, ask the clinic.";
  }
  if (status === 429) {
    return "That was too often for now. Wait some minutes, then try again.";
  }
  if (status >= 500) {
    return "It is not your device and not your connection. Your visits are safe.";
  }
  return "Nothing was changed. Go back, look at the current state, and try again.";
}
