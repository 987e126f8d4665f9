/** What can be heard of the queue: `blocked` is wanted, and silent until somebody presses something on the page. */
export type Sound = "on" | "off" | "blocked";

/** From what the doctor wants and what the browser allows; null: not known yet. */
export function soundOf(
  wanted: boolean | null,
  canPlay: boolean | null,
): Sound {
  if (wanted !== true || canPlay === null) return "off";
  return canPlay ? "on" : "blocked";
}

/** What the button of the sound says. */
export const SOUND_WORDS: Record<Sound, string> = {
  on: "Sound on",
  off: "Sound off",
  blocked: "Press to turn sound on",
};
