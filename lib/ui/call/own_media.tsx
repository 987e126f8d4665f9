/**
 * One's own camera and microphone, and what is shown of them on every screen: together, so that they are one script
 * rather than a handful of small ones.
 *
 * @module
 */
export { browserDevices } from "@/lib/call/devices.ts";
export { LocalMediaModel } from "@/lib/call/local_media.ts";
export { CameraButton, MuteButton } from "@/lib/ui/call/media_buttons.tsx";
export { OwnPicture } from "@/lib/ui/call/OwnPicture.tsx";
export { useLoudness } from "@/lib/ui/call/use_loudness.ts";
