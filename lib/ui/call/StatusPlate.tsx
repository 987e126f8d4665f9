import type { CallPhase } from "@/lib/call/phase.ts";
import { statusWord } from "@/lib/call/words.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";

const LOOKS: Partial<Record<CallPhase, [icon: IconName, tone: string]>> = {
  connected: ["circle-check", "text-[#86d3a8]"],
  reconnecting: ["wifi-off", "text-[#f0bf69]"],
  disconnected: ["circle-x", "text-[#ffc6bb]"],
};

/** How the connection is; in sight all through the call, and said aloud when it changes. */
export function StatusPlate({ phase }: { phase: CallPhase }) {
  const [icon, tone] = LOOKS[phase] ?? ["loader-circle", "animate-spin"];
  return (
    <p class="plate" role="status">
      <Icon name={icon} class={`size-4.5 ${tone}`} />
      {statusWord(phase)}
    </p>
  );
}
