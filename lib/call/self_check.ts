import type { ReceivedTrack, SentTrack } from "@/lib/call/connection.ts";
import type { MediaKind } from "@/lib/call/device_access.ts";
import type { CallPhase } from "@/lib/call/phase.ts";
import type { Flowing } from "@/lib/call/watch_line.ts";

/** Whether a microphone has been heard since it was first listened to; `no`: not for a while. */
export type Hearing = "yes" | "not yet" | "no";

/** One's own camera or microphone, from the device to the room. */
export interface OwnSide {
  /** The person wants it to be seen or heard. */
  isOn: boolean;
  /** Why it was wanted and is not there, in the words of `device_problem.ts`. */
  problem: { title: string; steps: string[] } | null;
  /** Null: not in the room. */
  track: Flowing<SentTrack> | null;
}

/** The camera or microphone at the other end. Null: not in the room. */
export type OtherSide = Flowing<ReceivedTrack> | null;

/** Everything that decides who sees and hears whom. */
export interface CallFacts {
  phase: CallPhase;
  /** How good the line is, 1 to 5; null: not measured. */
  quality: number | null;
  /** A session without pictures. */
  voiceOnly: boolean;
  /** In a session with pictures, chose to go without. */
  choseVoice: boolean;
  /** What the other is called in a sentence. */
  name: string;
  /** Where the other is, when not in the room. */
  absence: string;
  /** The line has been looked at. */
  isInspected: boolean;
  own: Record<MediaKind, OwnSide>;
  hearing: Hearing;
  /** Null: not in the room. */
  other:
    | (Record<MediaKind, OtherSide> & {
      /** Lost their connection; the service waits for them. */
      isReconnecting: boolean;
    })
    | null;
  /** The browser plays the other's sound; some want a click first. */
  isPlayed: boolean;
}

/** One thing the self-check says. */
export interface Finding {
  /** `wait`: not known yet, or nothing that anybody has to mend. */
  state: "good" | "wait" | "bad";
  sentence: string;
  /** What to do about it, in order. */
  steps: string[];
  /** The own device that one press can bring back. */
  mend: MediaKind | null;
}

/** The words of the sentences about one of the two. */
interface Words {
  /** The device. */
  thing: string;
  /** What one does with what it gives. */
  verb: string;
  /** What it gives. */
  gift: string;
  /** It is off, by the person's own choice. */
  off: string;
}

const WORDS: Record<MediaKind, Words> = {
  microphone: {
    thing: "microphone",
    verb: "hear",
    gift: "sound",
    off: "your microphone is muted",
  },
  camera: {
    thing: "camera",
    verb: "see",
    gift: "picture",
    off: "your camera is off",
  },
};

const PAUSE = "Wait a few seconds.";
const BETTER_LINE =
  "Move closer to the Wi-Fi, pause downloads, or switch off a VPN.";
const RELOAD =
  "If it stays like this, reload this page: one click brings you back.";

function say(
  state: Finding["state"],
  sentence: string,
  ...steps: string[]
): Finding {
  return { state, sentence, steps, mend: null };
}

/** Who sees and hears whom, and how the line is, in plain words; with what to do where something is missing. */
export function selfCheck(facts: CallFacts): Finding[] {
  const { phase, voiceOnly, other } = facts;
  // Without a line nothing else is known, and nothing else matters.
  if (phase !== "connected" && phase !== "reconnecting") return [line(facts)];
  const kinds: MediaKind[] = voiceOnly
    ? ["microphone"]
    : ["microphone", "camera"];
  return [
    line(facts),
    presence(facts),
    ...kinds.map((kind) => outgoing(facts, kind)),
    // Who is not there can be neither seen nor heard, and that has been said.
    ...(other === null ? [] : kinds.map((kind) => incoming(facts, kind))),
  ];
}

function line({ phase, quality, voiceOnly }: CallFacts): Finding {
  switch (phase) {
    case "connected":
      break;
    case "reconnecting":
      return say(
        "bad",
        "Your connection was interrupted. Reconnecting…",
        "Wait a few seconds: the call comes back by itself.",
        "Check that you are online.",
      );
    case "disconnected":
      return say(
        "bad",
        "You are disconnected.",
        "Go back to the call and press Rejoin.",
      );
    default:
      return say("wait", "Connecting…");
  }
  // The service measures 0 when the line is gone, and says so by reconnecting.
  if (quality === null || quality === 0) {
    return say("good", "You are connected.");
  }
  if (quality >= 4) {
    return say("good", "You are connected. The connection is good.");
  }
  if (quality >= 2) {
    return say("good", "You are connected. The connection is fair.");
  }
  return say(
    "bad",
    "You are connected, but the connection is poor.",
    BETTER_LINE,
    ...(voiceOnly
      ? []
      : ["Turn your camera off: the sound has more room then."]),
  );
}

function presence({ other, name, absence }: CallFacts): Finding {
  if (other === null) return say("wait", `${name}: ${absence}.`);
  return other.isReconnecting
    ? say("wait", `${name} is reconnecting.`, PAUSE)
    : say("good", `${name} is in the call.`);
}

/** Whether one is seen, or heard. */
function outgoing(facts: CallFacts, kind: MediaKind): Finding {
  const { name, other, hearing } = facts;
  const { isOn, problem, track } = facts.own[kind];
  const { thing, verb, gift, off } = WORDS[kind];
  const cannot = `${name} cannot ${verb} you`;
  const checking = say("wait", `Checking whether ${name} can ${verb} you…`);

  if (problem !== null) {
    const { title, steps } = problem;
    return { ...say("bad", `${cannot}. ${title}.`, ...steps), mend: kind };
  }
  if (kind === "camera" && facts.choseVoice) {
    return say(
      "wait",
      `${cannot}: you chose voice only.`,
      "To be seen, reload this page and turn your camera on before you join.",
    );
  }
  if (!isOn) return { ...say("bad", `${cannot}: ${off}.`), mend: kind };
  if (track !== null && !track.isEnabled) {
    return say("wait", `${cannot} yet: your ${thing} is starting.`, RELOAD);
  }
  if (track?.hasEnded) {
    return say(
      "bad",
      `${cannot}: your ${thing} has stopped.`,
      "Choose it again, or another one.",
    );
  }
  if (track?.isInterrupted) {
    return say(
      "bad",
      `${cannot}: your ${thing} gives nothing at the moment.`,
      "Look for a switch on it, end a phone call, or close other apps that use it.",
      "Or choose another one.",
    );
  }
  if (other === null) {
    return say(
      "wait",
      `Your ${thing} is on: ${name} can ${verb} you as soon as both of you are here.`,
    );
  }
  if (!facts.isInspected) return checking;
  if (track === null) {
    return say(
      "bad",
      `${cannot}: your ${gift} is not sent.`,
      PAUSE,
      RELOAD,
    );
  }
  if (other.isReconnecting) {
    return say("wait", `${cannot} until ${name} is connected again.`);
  }
  if (track.flow === "stands") {
    return say(
      "bad",
      `${cannot}: nothing of your ${gift} gets through.`,
      PAUSE,
      BETTER_LINE,
      RELOAD,
    );
  }
  if (track.flow === "checking") return checking;
  if (kind === "microphone" && hearing !== "yes") {
    return hearing === "no"
      ? say(
        "bad",
        `${cannot}: your microphone is on, but no sound comes from it.`,
        "Say something.",
        "Look for a switch on it, or choose another one.",
      )
      : say("wait", `Say something, to check that ${name} can hear you.`);
  }
  return say("good", `${name} can ${verb} you.`);
}

/** Whether one sees the other, or hears them. */
function incoming(facts: CallFacts, kind: MediaKind): Finding {
  const { name, other } = facts;
  const { thing, verb, gift } = WORDS[kind];
  const cannot = `You cannot ${verb} ${name}`;
  const checking = say("wait", `Checking whether you can ${verb} ${name}…`);

  if (other!.isReconnecting) {
    return say("wait", `${cannot} until ${name} is connected again.`);
  }
  if (!facts.isInspected) return checking;
  const track = other![kind];
  if (track === null || !track.isEnabled) {
    return kind === "camera"
      ? say(
        "bad",
        `${cannot}: ${name}'s camera is off.`,
        `Ask ${name} to turn it on.`,
      )
      : say("bad", `${cannot}: ${name} is muted.`, `Ask ${name} to unmute.`);
  }
  if (!track.isSubscribed) {
    return say(
      "wait",
      `${cannot} yet: the ${gift} is on its way.`,
      PAUSE,
      RELOAD,
    );
  }
  if (track.isHeldBack) {
    return say(
      "bad",
      `${cannot}: the connection is too weak for the ${gift}.`,
      BETTER_LINE,
    );
  }
  if (track.flow === "stands") {
    return say(
      "bad",
      `${cannot}: ${name}'s ${thing} is on, but nothing arrives.`,
      PAUSE,
      BETTER_LINE,
      RELOAD,
    );
  }
  if (track.flow === "checking") return checking;
  if (kind === "microphone" && !facts.isPlayed) {
    return say(
      "bad",
      `${cannot}: your browser waits for a click before it plays sound.`,
      `Go back to the call and press Tap to hear ${name}.`,
    );
  }
  return say("good", `You can ${verb} ${name}.`);
}

/** The same for whoever helps: in the words of the machine, without names. */
export function inShort({ own, other, hearing }: CallFacts): string {
  const out = (kind: MediaKind) => {
    const { isOn, track } = own[kind];
    return !isOn
      ? "off"
      : track === null
      ? "not published"
      : track.hasEnded
      ? "ended"
      : track.isInterrupted
      ? "interrupted"
      : track.isEnabled
      ? track.flow
      : "disabled";
  };
  const into = (kind: MediaKind) => {
    const track = other?.[kind] ?? null;
    return track === null
      ? "none"
      : !track.isEnabled
      ? "disabled"
      : !track.isSubscribed
      ? "not subscribed"
      : track.isHeldBack
      ? "held back"
      : track.flow;
  };
  return [
    `sends microphone ${out("microphone")} (heard: ${hearing})`,
    `camera ${out("camera")}`,
    `receives microphone ${into("microphone")}`,
    `camera ${into("camera")}`,
  ].join(", ");
}
