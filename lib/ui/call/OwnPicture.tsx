import { useEffect, useRef } from "preact/hooks";

/** One's own camera, as in a mirror; only a camera that looks away is not mirrored. */
export function OwnPicture({ track }: { track: MediaStreamTrack }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current!;
    element.srcObject = new MediaStream([track]);
    // Browsers that refuse autoplay show the first picture; nothing is lost.
    element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  const mirrored = track.getSettings?.().facingMode !== "environment";
  return (
    <video
      ref={video}
      class={`w-full h-full object-cover ${mirrored ? "-scale-x-100" : ""}`}
      aria-label="Your camera picture"
      muted
      autoplay
      playsInline
    />
  );
}
