import type { LocalMedia } from "@/lib/call/local_media.ts";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What the buttons for one's own camera and microphone take. */
export interface MediaButtonProps {
  media: LocalMedia;
  /** How it looks where it stands. */
  class: string;
}

/** **Mute microphone** / **Unmute microphone**: the name says what a press does. */
export function MuteButton({ media, class: look }: MediaButtonProps) {
  const silent = media.microphone.value === null || !media.microphoneOn.value;
  return (
    <button
      type="button"
      class={look}
      aria-pressed={silent ? "true" : "false"}
      onClick={() => media.toggleMicrophone()}
    >
      <Icon name={silent ? "mic-off" : "mic"} />
      <span>
        {silent ? "Unmute" : "Mute"} <span class="sr-only">microphone</span>
      </span>
    </button>
  );
}

/** **Turn camera off** / **Turn camera on**: the name says what a press does. */
export function CameraButton({ media, class: look }: MediaButtonProps) {
  const off = !media.cameraOn.value;
  return (
    <button
      type="button"
      class={look}
      aria-pressed={off ? "true" : "false"}
      aria-label={off ? "Turn camera on" : "Turn camera off"}
      onClick={() => media.toggleCamera()}
    >
      <Icon name={off ? "video-off" : "video"} />
      <span>Camera</span>
    </button>
  );
}
