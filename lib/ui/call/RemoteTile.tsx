import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RemoteMedia, RemoteParticipant } from "@/lib/call/connection.ts";
import { domId } from "@/lib/call/people.ts";
import { remoteWords } from "@/lib/call/words.ts";
import { Avatar } from "@/lib/ui/call/Avatar.tsx";
import { useLoudness } from "@/lib/ui/call/own_media.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";

/** Loud enough to count as speaking. */
const SPEAKING = 0.25;

/** What `RemoteTile` takes. */
export interface RemoteTileProps {
  participant: RemoteParticipant;
  /** From the session. */
  name: string;
  /** A session without pictures. */
  voiceOnly: boolean;
  /** The connection is away: what is shown is the last that arrived. */
  isStale: boolean;
  /** Below the name of somebody without a picture. */
  children?: ComponentChildren;
}

/** Somebody in the call: their picture, or their initials, and in words what is missing. */
export function RemoteTile(
  { participant, name, voiceOnly, isStale, children }: RemoteTileProps,
) {
  const { video, audio } = participant;
  /** The browser plays sound only after a click. */
  const silenced = useSignal<HTMLMediaElement | null>(null);
  const seen = video !== null && participant.camera === "on";
  // A picture shows by itself who speaks, and one that is coming soon will.
  const showsVoice = !seen && participant.camera !== "starting";
  const level = useLoudness(showsVoice ? audio?.track ?? null : null);
  const speaking = participant.microphone === "on" && level.value > SPEAKING;
  const words = remoteWords(participant, voiceOnly);
  const dim = isStale || participant.reconnecting ? "opacity-45" : "";
  return (
    <div
      id={domId(participant.identity)}
      data-identity={participant.identity}
      role="group"
      aria-label={[name, ...words].join(", ")}
      class="absolute inset-0 grid"
    >
      {video !== null && (
        <div class={seen ? `absolute inset-0 ${dim}` : "hidden"}>
          <Player kind="video" media={video} />
        </div>
      )}
      {audio !== null && (
        <Player kind="audio" media={audio} silenced={silenced} />
      )}
      {!seen && (
        <div class="voice-card place-self-center flex flex-col items-center gap-4 px-6 text-center">
          <Avatar name={name} speaking={speaking} />
          <div>
            <p class="text-2xl font-semibold">{name}</p>
            <p class="mt-1 text-lg text-[#bdb1c0] min-h-7">
              {participant.camera === "starting"
                ? "Picture is coming…"
                : speaking
                ? "Speaking"
                : ""}
            </p>
            {children}
          </div>
        </div>
      )}
      <div class="absolute start-3 bottom-3 flex flex-col items-start gap-2 max-w-[60%]">
        {words.map((word) => (
          <p key={word} class="plate">
            <Icon
              name={word === "Muted"
                ? "mic-off"
                : word === "Camera off"
                ? "video-off"
                : "wifi-off"}
              class="size-4.5 text-[#f0bf69]"
            />
            {word}
          </p>
        ))}
        {seen && <p class="plate">{name}</p>}
      </div>
      {silenced.value !== null && (
        <button
          type="button"
          class="btn btn-primary btn-lg absolute inset-x-4 top-16"
          onClick={() => {
            void silenced.value?.play();
            silenced.value = null;
          }}
        >
          <Icon name="volume-2" />Tap to hear {name}
        </button>
      )}
    </div>
  );
}

interface PlayerProps {
  kind: "audio" | "video";
  media: RemoteMedia;
  /** Gets the element when the browser refuses to play it without a click. */
  silenced?: Signal<HTMLMediaElement | null>;
}

/** Plays received media for as long as it is shown; detaches and goes with it. */
function Player({ kind, media, silenced }: PlayerProps) {
  const ref = useRef<HTMLMediaElement>(null);
  useEffect(() => {
    const element = ref.current!;
    media.attach(element);
    element.play().catch((error: unknown) => {
      if (
        silenced !== undefined && (error as Error).name === "NotAllowedError"
      ) silenced.value = element;
    });
    return () => media.detach(element);
  }, [media]);
  return kind === "video"
    ? (
      <video
        ref={ref as { current: HTMLVideoElement | null }}
        class="w-full h-full object-cover"
        autoplay
        playsInline
      />
    )
    : <audio ref={ref as { current: HTMLAudioElement | null }} autoplay />;
}
