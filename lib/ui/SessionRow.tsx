import type { SessionCommand } from "@/lib/api_client.ts";
import { CommandForm } from "@/lib/ui/CommandForm.tsx";
import { DetailsLink, type SessionItemProps } from "@/lib/ui/DetailsLink.tsx";
import { doctorWords, isPatientWaiting } from "@/lib/ui/doctor_words.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { clock, day } from "@/lib/ui/times.ts";

/** What `SessionRow` takes. */
export interface SessionRowProps extends SessionItemProps {
  /** The page to come back to after a command. */
  returnTo: string;
  /** The command that is under way, if any. */
  busy?: SessionCommand | undefined;
  /** What came of the last command, if it did not work. */
  problem?: string | undefined;
}

/** A session in the doctor's list, with the buttons that `actions` offers. */
export function SessionRow(props: SessionRowProps) {
  const { session, timeZone, now, returnTo, busy, problem } = props;
  const { id, actions } = session;
  const words = doctorWords(session, { timeZone, now });
  const waits = isPatientWaiting(session);
  const form = { id, returnTo, busy };
  const isOver = session.ended_at !== null && session.status !== "FAILED";
  return (
    <li class="p-5 sm:px-6" data-session-id={id}>
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <time class="ag-time" dateTime={session.scheduled_start}>
          {clock(session.scheduled_start, timeZone)}
        </time>
        <span class="ag-rel">
          {day(session.scheduled_start, timeZone, now)}
          {words.when !== "" && ` · ${words.when}`}
        </span>
        <span class="basis-full sm:basis-auto sm:ms-auto">
          <StatusPill status={session.status} />
        </span>
      </div>
      <p class="mt-2 font-semibold">{words.lead}</p>
      <p
        class={waits
          ? "mt-0.5 flex items-center gap-2 text-wait-ink font-semibold"
          : "mt-0.5 text-muted"}
      >
        {waits && <Icon name="hourglass" class="size-4.5" />}
        {words.more}
      </p>
      <div class="mt-4 flex flex-wrap items-center gap-3">
        {actions.includes("join") && (
          <a class="btn btn-primary" href={`/telemedicine/${id}`}>
            <Icon name={session.voice_only ? "phone" : "video"} />
            Join Call
          </a>
        )}
        {actions.includes("start") && (
          <CommandForm {...form} command="start">
            <button
              type="submit"
              class={`btn ${waits ? "btn-primary" : "btn-quiet"}`}
            >
              <Icon name="play" />
              Start Session
            </button>
          </CommandForm>
        )}
        {actions.includes("end") && (
          <CommandForm {...form} command="end">
            <button type="submit" class="btn btn-quiet text-fail-ink">
              <Icon name="circle-stop" />
              End Session
            </button>
          </CommandForm>
        )}
        {actions.includes("cancel") && (
          <CommandForm {...form} command="cancel">
            <button type="submit" class="btn btn-ghost px-2.5!">
              Cancel <span class="sr-only">session</span>
            </button>
          </CommandForm>
        )}
        {session.status === "FAILED" && (
          <a
            class="btn btn-quiet"
            href={`/visits/${session.visit_id}/telemedicine?create=1#create`}
          >
            Create a new session
          </a>
        )}
        <DetailsLink
          {...props}
          class={`btn ${isOver ? "btn-quiet" : "btn-ghost px-2.5!"}`}
        />
      </div>
      {problem !== undefined && (
        <p class="field-error mt-3" role="alert">
          <Icon name="circle-alert" />
          {problem}
        </p>
      )}
    </li>
  );
}
