import { homeOf, type Me, otherOf } from "@/lib/call/people.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import type { ScreenProps } from "@/lib/ui/call/DeviceCheck.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { StatusPill } from "@/lib/ui/StatusPill.tsx";
import { duration } from "@/lib/ui/times.ts";

function Back({ session, me }: { session: SessionView; me: Me }) {
  return (
    <p class="mt-6">
      <a
        class="btn btn-primary btn-lg max-sm:btn-block"
        href={homeOf(session, me)}
      >
        {me.role === "doctor" ? "Back to the visit" : "Back to your sessions"}
      </a>
    </p>
  );
}

/** The session is over, or never took place: what became of it. */
export function Over({ call, me }: Omit<ScreenProps, "when">) {
  const session = call.session.value;
  const [title, text] = overWords(session, me);
  return (
    <div class="max-w-2xl mx-auto">
      <p>
        <StatusPill status={session.status} />
      </p>
      <h1 class="mt-3">{title}</h1>
      <p class="text-lg mt-2" role="status">{text}</p>
      <Back session={session} me={me} />
    </div>
  );
}

function overWords(
  session: SessionView,
  me: Me,
): [title: string, text: string] {
  const other = otherOf(session, me).name;
  const isDoctor = me.role === "doctor";
  switch (session.status) {
    case "CANCELLED":
      return [
        "This session was cancelled",
        isDoctor
          ? "It did not take place. You can create a new one in the visit, while that is open."
          : `It did not take place. ${other}'s clinic can plan another one.`,
      ];
    case "FAILED":
      return [
        "The session could not start",
        isDoctor
          ? "The video service refused the room. It was nothing you did. Create a new session in the visit."
          : "The visit could not start. It was not your device or your connection. The clinic can see it.",
      ];
    default:
      return [
        `Your session with ${other} has ended`,
        session.end_reason === "no_show"
          ? "Nobody met in the room."
          : `It took ${duration(session.duration_seconds ?? 0)}.`,
      ];
  }
}

/** Left by one's own choice; the session goes on. */
export function Left({ call, me }: Omit<ScreenProps, "when">) {
  return (
    <div class="max-w-2xl mx-auto">
      <h1>You left</h1>
      <p class="text-lg mt-2" role="status">
        The session stays open until the doctor ends it.
      </p>
      <Back session={call.session.value} me={me} />
    </div>
  );
}

/** The same person is in the call elsewhere. */
export function Replaced({ call, me }: Omit<ScreenProps, "when">) {
  return (
    <div class="max-w-2xl mx-auto">
      <p class="st st-wait">
        <Icon name="monitor" />
        Off here
      </p>
      <h1 class="mt-3">You joined from another device or tab</h1>
      <p class="text-lg mt-2" role="status">
        The call goes on there. This screen is off.
      </p>
      <div class="mt-6 grid gap-3 sm:flex">
        <button
          type="button"
          class="btn btn-primary btn-lg"
          aria-disabled={call.busy.value ? "true" : undefined}
          onClick={() => call.join()}
        >
          Use this device instead
        </button>
        <a class="btn btn-quiet btn-lg" href={homeOf(call.session.value, me)}>
          Stay there
        </a>
      </div>
    </div>
  );
}
