import type { LocalMedia } from "@/lib/call/local_media.ts";

/** What a key does in the call, unless it is typed somewhere or a dialog is open: M is the microphone, V the camera. */
export function pressed(event: KeyboardEvent, media: LocalMedia): void {
  if (
    event.ctrlKey || event.metaKey || event.altKey || event.repeat ||
    isTyping(event.target) || document.querySelector("dialog[open]") !== null
  ) return;
  if (event.key.toLowerCase() === "m") void media.toggleMicrophone();
  else if (!media.voiceOnly.value) void media.toggleCamera();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element &&
    target.closest(
        "input, textarea, select, [contenteditable]:not([contenteditable=false])",
      ) !== null;
}
