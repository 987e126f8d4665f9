import type { Seat } from "@/lib/sessions/session.ts";
import type { SessionView } from "@/lib/sessions/view.ts";

/** Something about switching to video that is to be said. */
export interface SwitchNews {
  words: string;
  /** It also stays in sight until it is put away: nothing else on the page shows it. */
  stays: boolean;
}

/** Who hears the news. */
export interface SwitchListener {
  seat: Seat;
  /** What the other one is called in a sentence. */
  other: string;
  /** The listener is giving an answer right now, and knows what it is. */
  answering: boolean;
}

/** What has happened to a voice call between two views of it; null: nothing to say. */
export function switchNews(
  before: SessionView,
  after: SessionView,
  listener: SwitchListener,
): SwitchNews | null {
  if (!before.voice_only) return null;
  if (!after.voice_only) return switched(before, after, listener);
  const { seat, other, answering } = listener;
  if (after.video_pending) {
    return before.video_pending
      ? null
      : { words: "Switching to video…", stays: false };
  }
  if (before.video_pending) {
    return {
      words: "Switching to video did not work. The call stays on voice.",
      stays: true,
    };
  }
  const [had, has] = [before.video_offer, after.video_offer];
  if (has !== null) {
    if (had !== null) return null;
    const words = has.by === seat
      ? `Waiting for ${other} to agree…`
      : `${other} would like to switch to video.`;
    return { words, stays: false };
  }
  if (had === null || answering) return null;
  return had.by === seat
    ? {
      words: `${other} did not switch to video. The call stays on voice.`,
      stays: true,
    }
    : { words: `${other} took the question back.`, stays: false };
}

function switched(
  before: SessionView,
  after: SessionView,
  { seat }: SwitchListener,
): SwitchNews {
  const words = "The call is with video now.";
  const lapsed = before.recording.consents[seat]?.granted === true &&
    after.recording.consents[seat] === null;
  return lapsed
    ? {
      words:
        `${words} Recording has stopped: it goes on when both of you allow it with the picture.`,
      stays: true,
    }
    : { words, stays: false };
}
