import type { Call } from "@/lib/call/call_model.ts";
import type { MediaKind } from "@/lib/call/device_access.ts";
import {
  deviceProblem,
  type DeviceSurroundings,
} from "@/lib/call/device_problem.ts";
import {
  absenceWord,
  calledName,
  type Me,
  otherOf,
  seatOf,
} from "@/lib/call/people.ts";
import type { CallFacts, Hearing, OwnSide } from "@/lib/call/self_check.ts";
import type { LineView } from "@/lib/call/watch_line.ts";

/** What has to be looked at for the self-check; the call itself knows the rest. */
export interface Looked {
  /** Null: not looked at yet, or there is no line. */
  line: LineView | null;
  hearing: Hearing;
  isPlayed: boolean;
  around: DeviceSurroundings;
}

/** Everything about the call that the self-check judges by. */
export function callFacts(
  call: Call,
  me: Me,
  { line, hearing, isPlayed, around }: Looked,
): CallFacts {
  const { media } = call;
  const session = call.session.value;
  const person = otherOf(session, me);
  const present = call.participants.value.find(({ identity }) =>
    identity === person.id
  );
  const received = line?.received.get(person.id);
  const failure = media.failure.value;

  const own = (kind: MediaKind, isOn: boolean): OwnSide => ({
    isOn,
    problem: failure !== null && media[kind].value === null &&
        (failure.kind === kind || failure.kind === "both")
      ? deviceProblem(failure, around)
      : null,
    track: line?.sent[kind] ?? null,
  });

  return {
    phase: call.phase.value,
    quality: call.quality.value,
    voiceOnly: session.voice_only,
    choseVoice: media.voiceOnly.value,
    name: calledName(session, person),
    absence: absenceWord(
      session.presence[
        seatOf(session, me) === "doctor" ? "patient" : "doctor"
      ],
    ).toLowerCase(),
    isInspected: line !== null,
    own: {
      camera: own("camera", media.camera.value !== null),
      microphone: own(
        "microphone",
        media.microphone.value !== null && media.microphoneOn.value,
      ),
    },
    hearing,
    other: present === undefined ? null : {
      isReconnecting: present.reconnecting,
      camera: received?.camera ?? null,
      microphone: received?.microphone ?? null,
    },
    isPlayed,
  };
}
