/**
 * A composition as a renderer plays it: which file from when, shown where.
 *
 * @module
 */
import type { CompositionOptions } from "../hooks/composition_options.ts";
import { chooseRecordings, isShownIn } from "../recording/plan.ts";
import type { Recording } from "../recording/recordings.ts";
import { type Cell, placeSources, type Span } from "./grid.ts";

/** A clip in a part of the picture for a time. */
export interface Showing extends Cell, Span {
  /** Higher ones cover lower ones. */
  readonly z: number;
}

/** A recording of a composition. */
export interface Clip {
  readonly kind: "audio" | "video";
  /** The file. */
  readonly path: string;
  /** Seconds from the start of the composition. */
  readonly offset: number;
  /** Seconds it lasts. */
  readonly seconds: number;
  readonly showings: readonly Showing[];
}

/** Everything that is seen and heard. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly clips: readonly Clip[];
}

/**
 * Says what a composition shows, and when.
 *
 * @param roomCreated Where time begins unless the composition is trimmed.
 */
export function planScene(
  recordings: readonly Recording[],
  options: CompositionOptions,
  roomCreated: Date,
): Scene {
  const [width = 0, height = 0] = options.resolution.split("x").map(Number);
  const { chosen, start } = chooseRecordings(recordings, options, roomCreated);
  const spanOf = ({ offsetMs, seconds }: Recording): Span => {
    const from = (offsetMs - start) / 1000;
    return { from, to: from + seconds };
  };
  const showings = new Map<Recording, Showing[]>();
  for (const region of Object.values(options.videoLayout)) {
    const sources = chosen.filter((one) =>
      one.kind === "video" && isShownIn(region, one)
    );
    const placings = placeSources(
      region,
      { width, height },
      sources.map(spanOf),
    );
    for (const { source, cell, from, to } of placings) {
      const recording = sources[source]!;
      const known = showings.get(recording) ?? [];
      known.push({ ...cell, from, to, z: region.z_pos });
      showings.set(recording, known);
    }
  }
  const clips = chosen.map((recording): Clip => ({
    kind: recording.kind,
    path: recording.path,
    offset: spanOf(recording).from,
    seconds: recording.seconds,
    showings: showings.get(recording) ?? [],
  }));
  const seconds = Math.max(0, ...chosen.map((one) => spanOf(one).to));
  return { width, height, seconds, clips };
}
