import type { LocalMedia } from "@/lib/call/local_media.ts";
import { OwnPicture } from "@/lib/ui/call/own_media.tsx";

/** One's own picture in the bottom corner; in a voice call there is none. */
export function SelfView({ media }: { media: LocalMedia }) {
  const camera = media.camera.value;
  if (media.voiceOnly.value) {
    return (
      <div id="local-media-container" hidden>
        <div id="local-video" />
      </div>
    );
  }
  return (
    <div
      id="local-media-container"
      class="selfview absolute end-3 bottom-3 w-24 sm:w-44 lg:w-52 aspect-[3/4] sm:aspect-[4/3]"
    >
      <div id="local-video" class="h-full">
        {camera === null
          ? (
            <p class="h-full grid place-items-center text-center text-[#bdb1c0]">
              Camera off
            </p>
          )
          : <OwnPicture track={camera} />}
      </div>
      <span class="absolute bottom-1.5 start-1.5 plate min-h-7 px-2.5 max-sm:hidden">
        You
      </span>
    </div>
  );
}
