import type { Call } from "@/lib/call/call_model.ts";
import { playChime } from "@/lib/call/chime.ts";
import type { LocalMedia } from "@/lib/call/local_media.ts";
import { type Me, otherOf } from "@/lib/call/people.ts";
import {
  CameraButton,
  MuteButton,
  OwnPicture,
} from "@/lib/ui/call/own_media.tsx";
import { inSentence } from "@/lib/ui/in_sentence.ts";
import { DeviceSelect } from "@/lib/ui/call/DeviceSelect.tsx";
import { MicrophoneCheck } from "@/lib/ui/call/MicrophoneCheck.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What the door asks once the devices are on. */
export function titleOf({ media }: Call): string {
  return media.voiceOnly.value
    ? "Can we hear you?"
    : "Can you see and hear yourself?";
}

/** With whom, and when; and who sees the picture. */
export function subtitleOf(call: Call, me: Me, when: string): string {
  const { name } = otherOf(call.session.value, me);
  const isAlone = call.media.voiceOnly.value
    ? ""
    : " Only you see this picture.";
  return `${name}, ${inSentence(when)}.${isAlone}`;
}

/** How one looks and sounds. */
export function Mirror({ media }: { media: LocalMedia }) {
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

/** Which devices to use. */
export function Choices({ media }: { media: LocalMedia }) {
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
