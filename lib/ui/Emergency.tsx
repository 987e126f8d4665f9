import { Icon } from "@/lib/ui/Icon.tsx";

/** The line on every patient page before a call. */
export function Emergency({ class: extra = "" }: { class?: string }) {
  return (
    <p class={`flex gap-3 items-start text-muted ${extra}`}>
      <Icon name="siren" class="size-5.5 mt-0.5 text-fail-ink" />
      <span>
        If this is an emergency, call your local emergency number now. Do not
        wait for a video visit.
      </span>
    </p>
  );
}
