import { useEffect } from "preact/hooks";
import type { Call } from "@/lib/call/call_model.ts";
import { type Me, otherOf } from "@/lib/call/people.ts";
import {
  type EntryAction,
  EntryButtons,
  EntryLayout,
  type EntryProps,
  Explanation,
} from "@/lib/ui/call/Entry.tsx";
import { lazy, lazyModule } from "@/lib/ui/call/lazy.tsx";
import { NotArrived } from "@/lib/ui/NotArrived.tsx";

/** What the screens before and after the call take. */
export interface ScreenProps {
  call: Call;
  me: Me;
  /** When the session is planned, in words. */
  when: string;
}

/** What a press of a button at the door does. */
export function carryOut(
  call: Call,
  action: EntryAction,
): Promise<unknown> | void {
  switch (action) {
    case "open":
      return call.media.open();
    case "start":
      return call.start();
    case "join":
      return call.join();
    case "voice":
      return call.media.useVoiceOnly();
  }
}

/** Whether the session may be recorded; only some are asked about. Joining waits for the answer. */
export const RecordingQuestion = lazy(
  () => import("@/lib/ui/call/RecordingQuestion.tsx"),
);
const TroubleNote = lazy(() => import("@/lib/ui/call/TroubleNote.tsx"));
const deviceCheck = lazyModule(() => import("@/lib/ui/call/DeviceCheck.tsx"));

/**
 * Before joining: what the browser will ask, then, once the devices are on, a
 * look at how one is seen and heard. Who presses Join with devices off goes
 * past that, and does not load it.
 */
export function Door({ call, me, when }: ScreenProps) {
  const { media } = call;
  const session = call.session.value;
  const isOpen = media.camera.value !== null || media.microphone.value !== null;
  // While the browser asks, there is time to fetch what is shown then; unless it asks for the sake of joining.
  const isChecking = (isOpen || media.opening.value) && !call.busy.value;
  useEffect(() => {
    if (isChecking) void deviceCheck.load();
  }, [isChecking]);
  const check = isOpen ? deviceCheck.module.value : null;
  const entry: EntryProps = {
    session,
    listening: true,
    me,
    voiceOnly: media.voiceOnly.value,
    pressed: !call.busy.value
      ? null
      : session.status === "SCHEDULED"
      ? "start"
      : "join",
    opening: media.opening.value || isOpen,
    onAction: (action) => void carryOut(call, action),
  };
  return (
    <EntryLayout
      title={check === null
        ? `Your session with ${otherOf(session, me).name}`
        : check.titleOf(call)}
      subtitle={check === null ? `${when}.` : check.subtitleOf(call, me, when)}
      picture={check === null
        ? <Explanation {...entry} />
        : <check.Mirror media={media} />}
    >
      {check !== null && <check.Choices media={media} />}
      {deviceCheck.failed.value && <NotArrived />}
      {call.failure.value !== null && (
        <TroubleNote failure={call.failure.value} />
      )}
      {session.actions.includes("consent") && (
        <RecordingQuestion call={call} me={me} />
      )}
      <EntryButtons {...entry} />
    </EntryLayout>
  );
}
