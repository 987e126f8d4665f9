import { useSignal } from "@preact/signals";
import type { Call } from "@/lib/call/call_model.ts";
import type { Me } from "@/lib/call/people.ts";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What `TechnicalDetails` takes. */
export interface TechnicalDetailsProps {
  call: Call;
  me: Me;
  /** What the browser or the service said. */
  said: string;
}

/** What whoever helps wants to know; ids and codes, no names. */
export function TechnicalDetails({ call, me, said }: TechnicalDetailsProps) {
  const copied = useSignal(false);
  const session = call.session.value;
  const text = [
    said,
    `session ${session.id} ${session.status}`,
    `room ${session.room_name}`,
    `${me.role} ${call.phase.value}`,
    navigator.userAgent,
  ].join(" · ");
  return (
    <details class="mt-5">
      <summary class="min-h-11 py-2.5 font-semibold cursor-pointer">
        Technical details
      </summary>
      <p class="font-mono text-muted break-words">{text}</p>
      <button
        type="button"
        class="txt-tap"
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          copied.value = true;
        }}
      >
        <Icon name="copy" />
        {copied.value ? "Copied" : "Copy"}
      </button>
    </details>
  );
}
