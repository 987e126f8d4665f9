import { useModel } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { MicrophoneCheck } from "@/lib/ui/call/MicrophoneCheck.tsx";
import {
  browserDevices,
  LocalMediaModel,
  OwnPicture,
} from "@/lib/ui/call/own_media.tsx";

/** What `DeviceTry` takes. */
export interface DeviceTryProps {
  voiceOnly: boolean;
  /** It stands where a button was pressed that had the focus. */
  takesFocus: boolean;
}

/** One's own picture and sound, to see that they work; for voice the camera is never touched. */
export default function DeviceTry(
  { voiceOnly, takesFocus }: DeviceTryProps,
) {
  const sheet = useRef<HTMLDivElement>(null);
  const media = useModel(() => new LocalMediaModel(browserDevices, voiceOnly));

  useEffect(() => {
    // Whoever has gone on meanwhile stays where they are.
    if (takesFocus && document.activeElement === document.body) {
      sheet.current!.focus();
    }
  }, []);

  useEffect(() => {
    const stop = media.watch();
    void media.open();
    return () => {
      stop();
      media.close();
    };
  }, []);

  const camera = media.camera.value;
  const microphone = media.microphone.value;
  const isOpen = camera !== null || microphone !== null;
  return (
    <div
      ref={sheet}
      tabIndex={-1}
      class="sheet mt-6 p-4 flex gap-4 items-center"
    >
      {camera !== null && (
        <div class="stage rounded-xl w-24 sm:w-32 aspect-[3/4] shrink-0 grid">
          <div class="absolute inset-0">
            <OwnPicture track={camera} />
          </div>
        </div>
      )}
      <div class="min-w-0 grow">
        <p class="font-semibold">
          {media.opening.value
            ? "Your browser is asking now"
            : isOpen
            ? voiceOnly ? "Your sound" : "Your picture and sound"
            : "Nothing is on yet"}
        </p>
        {microphone !== null && (
          <p class="mt-1 flex items-center gap-2.5 text-live-ink">
            <MicrophoneCheck track={microphone} muted={false} />
          </p>
        )}
        {media.failure.value !== null && (
          <p class="mt-1" role="alert">
            {voiceOnly
              ? "The microphone is not there. You can still wait; the call page helps you with it."
              : "Not everything is there. You can still wait; the call page helps you with it."}
          </p>
        )}
      </div>
    </div>
  );
}
