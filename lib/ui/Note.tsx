import type { ComponentChildren } from "preact";
import { Icon } from "@/lib/ui/Icon.tsx";
import type { IconName } from "@/lib/ui/icons.ts";

/** What `Note` takes. */
export interface NoteProps {
  /** `live`: it goes on; `wait`: somebody waits or something is in the way; `fail`: it failed; `calm`: good to know. */
  tone: "live" | "wait" | "fail" | "calm" | "plain";
  icon: IconName;
  /** Says it aloud when it arrives later: `status` politely, `alert` at once. */
  role?: "status" | "alert";
  class?: string;
  children: ComponentChildren;
}

/** One sentence that needs noticing. */
export function Note(
  { tone, icon, role, class: extra = "", children }: NoteProps,
) {
  return (
    <div class={`note note-${tone} ${extra}`} role={role}>
      <Icon name={icon} />
      <div class="min-w-0">{children}</div>
    </div>
  );
}
