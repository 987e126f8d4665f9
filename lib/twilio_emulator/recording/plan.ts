/**
 * Which recordings a composition takes, and where in its time each begins.
 *
 * @module
 */
import type { CompositionOptions } from "../hooks/composition_options.ts";
import type { VideoRegion } from "../hooks/video_layout.ts";
import type { Recording } from "./recordings.ts";
import type { OutputTrack, Piece } from "./remux.ts";

/** What a composition is made of. */
export interface CompositionPlan {
  /** Pictures first: a player shows the first of each kind. */
  readonly tracks: readonly OutputTrack[];
  readonly seconds: number;
}

/** Seconds by which one recording may still run as the next begins: its last frame stands until then. */
const OVERLAP = 0.5;

/** A track as it grows. */
interface Lane {
  readonly kind: "audio" | "video";
  readonly pieces: Piece[];
  /** Whose its last piece is. */
  source: string;
  /** Seconds from the start of the output. */
  end: number;
}

/**
 * Chooses recordings by the sources of a composition. What is never there at
 * the same time shares a track, with gaps where there was nothing, because
 * players show one picture and play one sound: such as the tracks of somebody
 * who left and came back.
 *
 * @param roomCreated Where time begins unless the composition is trimmed.
 */
export function planComposition(
  recordings: readonly Recording[],
  options: CompositionOptions,
  roomCreated: Date,
): CompositionPlan {
  const { chosen, start } = chooseRecordings(recordings, options, roomCreated);
  const lanes: Lane[] = [];
  for (const { kind, path, offsetMs, seconds, ...recording } of chosen) {
    const offset = (offsetMs - start) / 1000;
    const source = `${recording.participantSid} ${recording.trackName}`;
    const free = lanes.filter((lane) =>
      lane.kind === kind && lane.end <= offset + OVERLAP
    );
    let lane = free.find((lane) => lane.source === source) ?? free[0];
    if (lane === undefined) {
      lane = { kind, source, pieces: [], end: 0 };
      lanes.push(lane);
    }
    lane.pieces.push({ path, offset, seconds });
    lane.source = source;
    lane.end = offset + seconds;
  }
  const isVideo = ({ kind }: OutputTrack) => Number(kind === "video");
  return {
    tracks: lanes.map(({ kind, pieces }) => ({ kind, pieces }))
      .sort((a, b) => isVideo(b) - isVideo(a)),
    seconds: Math.max(0, ...lanes.map(({ end }) => end)),
  };
}

/**
 * The recordings a composition takes, in the order of time, and when its own
 * time begins, in milliseconds since 1970.
 *
 * @param roomCreated Where time begins unless the composition is trimmed.
 */
export function chooseRecordings(
  recordings: readonly Recording[],
  options: CompositionOptions,
  roomCreated: Date,
): { readonly chosen: readonly Recording[]; readonly start: number } {
  const chosen = recordings.filter((recording) => chooses(options, recording))
    .sort((a, b) => a.offsetMs - b.offsetMs);
  const first = chosen[0]?.offsetMs ?? 0;
  const start = options.trim ? first : Math.min(first, roomCreated.getTime());
  return { chosen, start };
}

/** Whether a region of the picture wants a recording. */
export function isShownIn(
  region: Pick<VideoRegion, "video_sources" | "video_sources_excluded">,
  recording: Recording,
): boolean {
  return matchesAny(region.video_sources, recording) &&
    !matchesAny(region.video_sources_excluded, recording);
}

function chooses(options: CompositionOptions, recording: Recording): boolean {
  if (recording.kind === "audio") {
    return matchesAny(options.audioSources, recording) &&
      !matchesAny(options.audioSourcesExcluded, recording);
  }
  return Object.values(options.videoLayout).some((region) =>
    isShownIn(region, recording)
  );
}

/** A source is the SID of a track, recording or participant, or a track's name, in which `*` stands for any text. */
function matchesAny(
  sources: readonly string[],
  { trackName, sourceSid, sid, participantSid }: Recording,
): boolean {
  const sids = [sourceSid, sid, participantSid];
  return sources.some((source) =>
    sids.includes(source) || matchesName(source, trackName)
  );
}

function matchesName(pattern: string, name: string): boolean {
  const expression = pattern.split("*").map(RegExp.escape).join(".*");
  return new RegExp(`^${expression}$`, "s").test(name);
}
