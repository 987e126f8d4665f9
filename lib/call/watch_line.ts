import type {
  LineReport,
  ReceivedTrack,
  SentTrack,
} from "@/lib/call/connection.ts";
import type { MediaKind } from "@/lib/call/device_access.ts";
import { type Count, type Flow, flowOf, nextCount } from "@/lib/call/flow.ts";
import type { After } from "@/lib/call/lines.ts";

/** A track in the room, and whether anything comes of it. */
export type Flowing<Track> = Track & { flow: Flow };

/** A line that has been looked at for a while. Null: no such track in the room. */
export interface LineView {
  sent: Record<MediaKind, Flowing<SentTrack> | null>;
  /** Of everybody else in the room, by identity. */
  received: Map<string, Record<MediaKind, Flowing<ReceivedTrack> | null>>;
}

/** What looking at a line needs. */
export interface LineWatch {
  /** Null: there is no line now. */
  inspect(): Promise<LineReport | null>;
  onView(view: LineView | null): void;
  /** Milliseconds that only go forward. */
  now(): number;
  after: After;
}

const INTERVAL_MS = 1_000;

/** Looks at the line every second. Returns the way to stop. */
export function watchLine(
  { inspect, onView, now, after }: LineWatch,
): () => void {
  let counts = new Map<string, Count>();
  let stopped = false;
  let stopWaiting = () => {};

  async function look(): Promise<void> {
    const report = await inspect().catch(() => null);
    if (stopped) return;
    onView(report === null ? null : view(report));
    stopWaiting = after(INTERVAL_MS, () => void look());
  }

  function view({ sent, received }: LineReport): LineView {
    const at = now();
    const counted = new Map<string, Count>();
    const flowing = <Track extends { bytes: number | null }>(
      whose: string,
      tracks: Record<MediaKind, Track | null>,
      isDue: (track: Track) => boolean,
    ) => {
      const one = (kind: MediaKind): Flowing<Track> | null => {
        const track = tracks[kind];
        if (track === null) return null;
        const key = `${kind} ${whose}`;
        // While nothing is to come, that nothing comes says nothing.
        const before = isDue(track) ? counts.get(key) ?? null : null;
        const count = nextCount(before, track.bytes, at);
        counted.set(key, count);
        return { ...track, flow: flowOf(count, at) };
      };
      return { camera: one("camera"), microphone: one("microphone") };
    };
    const seen = {
      sent: flowing(
        "",
        sent,
        ({ isEnabled }) => isEnabled && received.size > 0,
      ),
      received: new Map(
        [...received].map(([who, tracks]) => [
          who,
          flowing(
            who,
            tracks,
            ({ isEnabled, isSubscribed, isHeldBack }) =>
              isEnabled && isSubscribed && !isHeldBack,
          ),
        ]),
      ),
    };
    counts = counted;
    return seen;
  }

  void look();
  return () => {
    stopped = true;
    stopWaiting();
  };
}
