import { useState } from "preact/hooks";
import {
  commandSession,
  fetchSession,
  type SessionCommand,
} from "@/lib/api_client.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { Dialog } from "@/lib/ui/call/Dialog.tsx";
import { ConfirmBody } from "@/lib/ui/ConfirmBody.tsx";
import {
  confirmation,
  type FinalCommand,
  isFinal,
} from "@/lib/ui/confirmations.ts";
import { type LiveListProps, useLiveSessions } from "@/lib/ui/live_sessions.ts";
import { agenda } from "@/lib/ui/session_words.ts";
import { SessionRow } from "@/lib/ui/SessionRow.tsx";
import { statusWord } from "@/lib/ui/StatusPill.tsx";

/** Something done to one session. */
interface Order<Command = SessionCommand> {
  id: string;
  command: Command;
}

/** What `DoctorSessionList` takes. */
export interface DoctorSessionListProps extends LiveListProps {
  /** The page to come back to after a command, where scripts do not run. */
  returnTo: string;
}

/** The sessions of a visit for its doctor: live, with the buttons the server offers. */
export default function DoctorSessionList(props: DoctorSessionListProps) {
  const { timeZone, returnTo } = props;
  const { sessions, now, news, replace } = useLiveSessions(props);
  /** What is under way, by session. */
  const [busy, setBusy] = useState<Record<string, SessionCommand>>({});
  const [problem, setProblem] = useState<{ id: string; words: string } | null>(
    null,
  );
  const [asked, setAsked] = useState<Order<FinalCommand> | null>(null);

  async function carryOut({ id, command }: Order): Promise<void> {
    setProblem(null);
    setBusy((before) => ({ ...before, [id]: command }));
    try {
      replace(await commandSession(id, command));
    } catch (error) {
      const fresh = await fetchSession(id).catch(() => null);
      if (fresh !== null) replace(fresh);
      setProblem({ id, words: whatHappened(error as Error, fresh) });
    }
    setBusy(({ [id]: _done, ...others }) => others);
    focusRow(id);
  }

  function onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const command = form.dataset.command as SessionCommand | undefined;
    const id = form.closest<HTMLElement>("[data-session-id]")?.dataset
      .sessionId;
    if (command === undefined || id === undefined) return;
    event.preventDefault();
    if (!isFinal(command)) return void carryOut({ id, command });
    setAsked({ id, command });
  }

  const subject = sessions.find(({ id }) => id === asked?.id);
  const { ahead, past } = agenda(sessions);
  if (sessions.length === 0) {
    return <p class="sheet p-5 text-muted">No sessions yet.</p>;
  }
  return (
    <div onSubmit={onSubmit}>
      <ol class="sheet sheet-rows">
        {[...ahead, ...past].map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            timeZone={timeZone}
            now={now}
            returnTo={returnTo}
            busy={busy[session.id]}
            problem={problem?.id === session.id ? problem.words : undefined}
          />
        ))}
      </ol>
      <p class="sr-only" role="status">{news}</p>
      {asked !== null && subject !== undefined && (
        <Dialog
          labelledBy="confirm-title"
          onClose={() => setAsked(null)}
        >
          <form method="dialog" aria-describedby="confirm-effect">
            <ConfirmBody
              heading="h2"
              confirmation={confirmation(asked.command, subject)}
              keep={(label) => (
                <button type="submit" class="btn btn-quiet btn-lg" data-focus>
                  {label}
                </button>
              )}
              act={(content) => (
                <button
                  type="submit"
                  class="btn btn-error btn-lg"
                  onClick={() => carryOut(asked)}
                >
                  {content}
                </button>
              )}
            />
          </form>
        </Dialog>
      )}
    </div>
  );
}

/** Why it did not work and how things stand, in a sentence. */
function whatHappened(error: Error, fresh: SessionView | null): string {
  return fresh === null
    ? `${error.message}. Check the connection and try again.`
    : `${error.message}. The session is ${statusWord(fresh.status)}.`;
}

/** The button that was pressed is often gone afterwards; the keyboard goes on from the same row. */
function focusRow(id: string): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(`[data-session-id="${id}"] .btn`)
      ?.focus();
  });
}
