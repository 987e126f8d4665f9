import type { Call } from "@/lib/call/call_model.ts";
import { playChime } from "@/lib/call/loudness.ts";
import { type Me, otherOf } from "@/lib/call/people.ts";
import { inSentence } from "@/lib/call/words.ts";
import { DeviceSelect } from "@/lib/ui/call/DeviceSelect.tsx";
import {
  type EntryAction,
  EntryButtons,
  EntryLayout,
  type EntryProps,
  Explanation,
} from "@/lib/ui/call/Entry.tsx";
import { lazy } from "@/lib/ui/call/lazy.tsx";
import { CameraButton, MuteButton } from "@/lib/ui/call/media_buttons.tsx";
import { MicrophoneCheck } from "@/lib/ui/call/MicrophoneCheck.tsx";
import { OwnPicture } from "@/lib/ui/call/OwnPicture.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** Whether the session may be recorded; only some are asked about. */
export const RecordingQuestion = lazy(
  () => import("@/lib/ui/call/RecordingQuestion.tsx"),
);
const TroubleNote = lazy(() => import("@/lib/ui/call/TroubleNote.tsx"));

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

/** Before joining: see and hear oneself, choose devices, and go in. */
export function DeviceCheck({ call, me, when }: ScreenProps) {
  const { media } = call;
  const session = call.session.value;
  const isOpen = media.camera.value !== null || media.microphone.value !== null;
  const voiceOnly = media.voiceOnly.value;
  const other = otherOf(session, me);
  const entry: EntryProps = {
    session,
    listening: true,
    me,
    voiceOnly,
    pressed: !call.busy.value
      ? null
      : session.status === "SCHEDULED"
      ? "start"
      : "join",
    opening: media.opening.value,
    onAction: (action) => void carryOut(call, action),
  };
  return (
    <EntryLayout
      title={!isOpen
        ? `Your session with ${other.name}`
        : voiceOnly
        ? "Can we hear you?"
        : "Can you see and hear yourself?"}
      subtitle={!isOpen
        ? `${when}.`
        : `${other.name}, ${inSentence(when)}.${
          voiceOnly ? "" : " Only you see this picture."
        }`}
      picture={isOpen ? <Mirror call={call} /> : <Explanation {...entry} />}
    >
      {isOpen && <Choices call={call} />}
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

/** How one looks and sounds. */
function Mirror({ call: { media } }: { call: Call }) {
  const voiceOnly = media.voiceOnly.value;
  const camera = media.camera.value;
  const microphone = media.microphone.value;
  return (
    <>
      <div
        class={`stage rounded-box ${
          voiceOnly ? "min-h-56" : "aspect-[4/3]"
        } grid`}
      >
        {camera !== null
          ? (
            <div class="absolute inset-0">
              <OwnPicture track={camera} />
            </div>
          )
          : (
            <p class="place-self-center text-center px-6 text-lg">
              {voiceOnly
                ? "Voice only. No picture is sent."
                : "Your camera is off."}
            </p>
          )}
        {microphone !== null && (
          <p class="plate absolute bottom-3 start-3 max-w-[calc(100%-1.5rem)] text-[#aee5c6]">
            <MicrophoneCheck
              track={microphone}
              muted={!media.microphoneOn.value}
            />
          </p>
        )}
      </div>
      <div class={`mt-3 grid gap-3 ${voiceOnly ? "" : "grid-cols-2"}`}>
        <MuteButton media={media} class="btn btn-quiet" />
        {!voiceOnly && <CameraButton media={media} class="btn btn-quiet" />}
      </div>
    </>
  );
}

function Choices({ call: { media } }: { call: Call }) {
  const row = "px-4 py-3 grid grid-cols-[1.5rem_1fr] gap-x-3 items-center";
  return (
    <ul class="sheet sheet-rows">
      {!media.voiceOnly.value && (
        <li class={row}>
          <Icon name="video" class="size-5 text-muted row-span-2" />
          <DeviceSelect media={media} kind="camera" id="check-camera" />
        </li>
      )}
      <li class={row}>
        <Icon name="mic" class="size-5 text-muted row-span-2" />
        <DeviceSelect media={media} kind="microphone" id="check-microphone" />
      </li>
      <li class="px-4 py-2">
        <button type="button" class="txt-tap" onClick={playChime}>
          <Icon name="volume-2" />Play a test sound
        </button>
      </li>
    </ul>
  );
}
