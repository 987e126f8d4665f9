import type { ComponentChildren } from "preact";
import type { SessionCommand } from "@/lib/api_client.ts";
import { isFinal } from "@/lib/ui/confirmations.ts";

const UNDER_WAY: Record<SessionCommand, string> = {
  start: "Starting…",
  end: "Ending…",
  cancel: "Cancelling…",
  leave: "Leaving…",
};

/** What `CommandForm` takes. */
export interface CommandFormProps {
  /** The session. */
  id: string;
  command: SessionCommand;
  /** The page to come back to. */
  returnTo: string;
  /** The command that is under way, if any. */
  busy?: SessionCommand | undefined;
  /** The button. */
  children: ComponentChildren;
}

/**
 * A command to a session as a form. By itself it goes to the server (through a
 * page that asks, if it cannot be undone); an island may answer it on the spot.
 */
export function CommandForm(
  { id, command, returnTo, busy, children }: CommandFormProps,
) {
  return (
    <form
      method={isFinal(command) ? "get" : "post"}
      action={`/telemedicine/${id}/${command}`}
      data-command={command}
    >
      <input type="hidden" name="return_to" value={returnTo} />
      <fieldset class="flex items-center gap-3" disabled={busy !== undefined}>
        {children}
        {busy === command && (
          <span class="text-muted">{UNDER_WAY[command]}</span>
        )}
      </fieldset>
    </form>
  );
}
