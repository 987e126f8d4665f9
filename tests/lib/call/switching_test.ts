import { deepEqual, equal } from "node:assert/strict";
import { type SwitchListener, switchNews } from "@/lib/call/switching.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { aView } from "./fake_line.ts";

const AT = "2026-11-20T12:00:00.000Z";
const VOICE = aView({ voice_only: true });
const MINE = aView({ voice_only: true, video_offer: { by: "doctor", at: AT } });
const THEIRS = aView({
  voice_only: true,
  video_offer: { by: "patient", at: AT },
});
const PENDING = aView({ voice_only: true, video_pending: true });
const VIDEO = aView();

const doctor: SwitchListener = {
  seat: "doctor",
  other: "Asha",
  answering: false,
};

const NEWS: [
  before: SessionView,
  after: SessionView,
  words: string | undefined,
  stays?: boolean,
][] = [
  [VOICE, VOICE, undefined],
  [VOICE, THEIRS, "Asha would like to switch to video.", false],
  [THEIRS, THEIRS, undefined],
  [VOICE, MINE, "Waiting for Asha to agree…", false],
  [
    MINE,
    VOICE,
    "Asha did not switch to video. The call stays on voice.",
    true,
  ],
  [THEIRS, VOICE, "Asha took the question back.", false],
  [MINE, PENDING, "Switching to video…", false],
  [PENDING, PENDING, undefined],
  [
    PENDING,
    VOICE,
    "Switching to video did not work. The call stays on voice.",
    true,
  ],
  [PENDING, VIDEO, "The call is with video now.", false],
  // Views come late, or are missed: what is shown in the end is right.
  [MINE, VIDEO, "The call is with video now.", false],
  [VIDEO, VIDEO, undefined],
];

Deno.test("switchNews() says what became of the question about video", () => {
  for (const [before, after, words, stays] of NEWS) {
    const news = switchNews(before, after, doctor);
    deepEqual([news?.words, news?.stays], [words, stays]);
  }
});

Deno.test("switchNews() tells nobody what they have just answered", () => {
  const answering = { ...doctor, answering: true };
  equal(switchNews(THEIRS, VOICE, answering), null);
  equal(switchNews(MINE, VOICE, answering), null);
  equal(switchNews(PENDING, VIDEO, answering)?.stays, false);
});

Deno.test("switchNews() says that a recording has stopped, to whoever had allowed it", () => {
  const consents = (granted: boolean | null) => ({
    doctor: granted === null ? null : { granted, at: AT },
    patient: null,
  });
  const view = (voice_only: boolean, granted: boolean | null) =>
    aView({
      voice_only,
      recording: { ...VOICE.recording, consents: consents(granted) },
    });
  const said = (before: boolean | null, after: boolean | null) =>
    switchNews(view(true, before), view(false, after), doctor)!;
  deepEqual(said(true, null), {
    words:
      "The call is with video now. Recording has stopped: it goes on when both of you allow it with the picture.",
    stays: true,
  });
  equal(said(false, false).stays, false);
  equal(said(null, null).stays, false);
});
