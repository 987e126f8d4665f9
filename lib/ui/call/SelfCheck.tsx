import type { LocalMedia } from "@/lib/call/local_media.ts";
import {
  type CallFacts,
  type Finding,
  selfCheck,
} from "@/lib/call/self_check.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";

const LOOK: Record<Finding["state"], [icon: IconName, colour: string]> = {
  good: ["circle-check", "text-live-ink"],
  wait: ["hourglass", "text-muted"],
  bad: ["circle-alert", "text-wait-ink"],
};

/** Who sees and hears whom right now, sentence by sentence, with what to do where something is missing. */
export function SelfCheck(
  { facts, media }: { facts: CallFacts; media: LocalMedia },
) {
  return (
    <ul class="mt-2 grid gap-2.5" aria-live="polite" aria-atomic="false">
      {selfCheck(facts).map(({ state, sentence, steps, mend }, index) => {
        const [icon, colour] = LOOK[state];
        return (
          <li key={index} class="flex gap-2.5 items-start" data-state={state}>
            <Icon name={icon} class={`size-5 mt-0.5 shrink-0 ${colour}`} />
            <div class="min-w-0 outline-none!" tabIndex={-1}>
              <p>{sentence}</p>
              {steps.map((step) => (
                <p key={step} class="mt-0.5 text-muted">{step}</p>
              ))}
              {mend !== null && (
                <button
                  type="button"
                  class="btn btn-quiet mt-2"
                  aria-disabled={media.opening.value ? "true" : undefined}
                  onClick={(event) => {
                    // The button goes once it has helped: stay where it was.
                    event.currentTarget.parentElement?.focus();
                    void (mend === "camera"
                      ? media.toggleCamera()
                      : media.toggleMicrophone());
                  }}
                >
                  {facts.own[mend].problem !== null
                    ? "Try again"
                    : mend === "camera"
                    ? "Turn camera on"
                    : "Unmute microphone"}
                </button>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
