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

/**
 * Chooses recordings by the sources of a composition. What one participant
 * published under one name becomes one track, with gaps where there was none.
 *
 * @param roomCreated Where time begins unless the composition is trimmed.
 */
export function planComposition(
  recordings: readonly Recording[],
  options: CompositionOptions,
  roomCreated: Date,
): CompositionPlan {
  const { chosen, start } = chooseRecordings(recordings, options, roomCreated);
  const tracks = new Map<
    string,
    { kind: "audio" | "video"; pieces: Piece[] }
  >();
  let seconds = 0;
  for (const recording of chosen) {
    const { kind, participantSid, trackName, path, offsetMs } = recording;
    const key = JSON.stringify([kind, participantSid, trackName]);
    const track = tracks.get(key) ?? { kind, pieces: [] };
    const offset = (offsetMs - start) / 1000;
    track.pieces.push({ path, offset, seconds: recording.seconds });
    tracks.set(key, track);
    seconds = Math.max(seconds, offset + recording.seconds);
  }
  const isVideo = ({ kind }: OutputTrack) => Number(kind === "video");
  return {
    tracks: [...tracks.values()].sort((a, b) => isVideo(b) - isVideo(a)),
    seconds,
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
