import { useEffect, useState } from "preact/hooks";
import { stopwatch } from "@/lib/ui/stopwatch.ts";
import { Face } from "@/lib/ui/Face.tsx";
import { Icon } from "@/lib/ui/Icon.tsx";
import { usePlayers } from "@/lib/ui/recording/use_players.ts";

/** One person's part, as the player needs it. */
export interface PlayerPart {
  name: string;
  /** Null: there is none. */
  url: string | null;
}

/** What `RecordingPlayer` takes. */
export interface RecordingPlayerProps {
  parts: PlayerPart[];
  /** Where in every part the first recorded moment is, in seconds. */
  startsAt: number;
  seconds: number;
  voiceOnly: boolean;
}

/** Both parts of a recording, side by side and in step; without script, two players. */
export default function RecordingPlayer(
  { parts, startsAt, seconds, voiceOnly }: RecordingPlayerProps,
) {
  const players = usePlayers(startsAt, seconds);
  const [together, setTogether] = useState(false);
  useEffect(() => setTogether(true), []);
  return (
    <div>
      <div class="grid gap-3 sm:grid-cols-2">
        {parts.map(({ name, url }, place) => {
          const media = {
            ref: players.ref(place),
            // Nothing is to be seen before it was recorded.
            src: `${url}#t=${startsAt}`,
            preload: "metadata" as const,
            controls: !together,
          };
          const missing = (
            <p class="px-6">There is no recording of this side.</p>
          );
          return voiceOnly
            ? (
              <figure
                key={name}
                class="sheet p-4 flex flex-wrap items-center gap-4"
              >
                <Face name={name} class="size-11" />
                <figcaption class="font-semibold">{name}</figcaption>
                {url === null ? missing : <audio {...media} />}
              </figure>
            )
            : (
              <figure
                key={name}
                class="stage rounded-box aspect-[4/3] grid place-items-center"
              >
                {url === null ? missing : (
                  <video
                    {...media}
                    class="absolute inset-0 size-full object-contain"
                    playsInline
                  />
                )}
                <figcaption class="plate absolute start-3 top-3">
                  {name}
                </figcaption>
              </figure>
            );
        })}
      </div>
      {together && (
        <div class="sheet mt-3 p-3 sm:p-4 flex flex-wrap items-center gap-4">
          <button
            type="button"
            class="btn btn-primary min-w-28"
            onClick={players.toggle}
          >
            <Icon name={players.playing ? "pause" : "play"} />
            {players.playing ? "Pause" : "Play"}
          </button>
          <input
            type="range"
            class="order-last sm:order-none basis-full sm:basis-0 grow min-h-11 accent-primary"
            aria-label="Position"
            aria-valuetext={`${stopwatch(players.time)} of ${
              stopwatch(seconds)
            }`}
            min={0}
            max={seconds}
            step={1}
            value={Math.floor(players.time)}
            onInput={(event) => players.seek(Number(event.currentTarget.value))}
          />
          <p class="num ms-auto">
            {stopwatch(players.time)}
            {" / "}
            {stopwatch(seconds)}
          </p>
          <p class="sr-only" role="status">
            {players.waiting ? "Loading…" : ""}
          </p>
        </div>
      )}
      {players.failed && (
        <p class="note note-fail mt-3" role="alert">
          <Icon name="triangle-alert" />
          The recording does not arrive. Check that you are online, then reload
          this page.
        </p>
      )}
    </div>
  );
}
