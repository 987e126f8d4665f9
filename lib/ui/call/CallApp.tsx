import { useModel } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import {
  commandSession,
  fetchSession,
  leaveOnUnload,
  requestAccess,
} from "@/lib/api_client.ts";
import { watchSession } from "@/lib/call/watch_session.ts";
import { CallModel } from "@/lib/call/call_model.ts";
import { newChat } from "@/lib/call/chat_state.ts";
import {
  calledName,
  homeOf,
  type Me,
  otherOf,
  seatOf,
} from "@/lib/call/people.ts";
import { type CallPhase, isOnStage } from "@/lib/call/phase.ts";
import { twilioConnector } from "@/lib/call/twilio_connector.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import CallStage, { RecordingPlate } from "@/lib/ui/call/CallStage.tsx";
import { ChatButton } from "@/lib/ui/call/ChatButton.tsx";
import { ChatPlace } from "@/lib/ui/call/ChatPlace.tsx";
import {
  carryOut,
  Door,
  RecordingQuestion,
  type ScreenProps,
} from "@/lib/ui/call/Door.tsx";
import { type EntryAction, Screen } from "@/lib/ui/call/Entry.tsx";
import { lazy } from "@/lib/ui/call/lazy.tsx";
import { browserDevices, LocalMediaModel } from "@/lib/ui/call/own_media.tsx";
import { NotArrived } from "@/lib/ui/NotArrived.tsx";
import type { VideoClientConfig } from "@/lib/video/provider.ts";

/** What `CallApp` takes. */
export interface CallAppProps {
  session: SessionView;
  me: Me;
  video: VideoClientConfig;
  /** When the session is planned, in words and in the visitor's zone. */
  when: string;
  /** The server's time when it wrote this page. */
  now: string;
  /** What the person pressed to get here; null: nothing, the devices are allowed already. */
  action: EntryAction | null;
}

/** How long leaving may take before the page goes on without an answer. */
const LEAVE_PATIENCE_MS = 1500;

const meanwhile = (failed: boolean) =>
  failed ? <NotArrived /> : <p role="status">One moment…</p>;

const WaitingRoom = lazy(
  () => import("@/lib/ui/call/WaitingRoom.tsx"),
  meanwhile,
);
/** What is shown besides the call itself, the waiting room and the farewell. */
const SCREENS: Partial<
  Record<
    CallPhase | "blocked",
    FunctionComponent<ScreenProps & { session: SessionView }>
  >
> = {
  ready: Door,
  blocked: lazy(() => import("@/lib/ui/call/DeviceHelp.tsx"), meanwhile),
  failed: lazy(() => import("@/lib/ui/call/CallTrouble.tsx"), meanwhile),
  replaced: lazy(() => import("@/lib/ui/call/Replaced.tsx"), meanwhile),
  over: lazy(() => import("@/lib/ui/call/Over.tsx"), meanwhile),
};

/** One session, from the device check to the end, for the doctor and for the patient. */
export default function CallApp(
  { session, me, video, when, now, action }: CallAppProps,
) {
  const call = useModel(() =>
    new CallModel({
      session,
      seat: seatOf(session, me),
      media: new LocalMediaModel(browserDevices, session.voice_only),
      connector: twilioConnector(video),
      api: {
        commandSession,
        fetchSession,
        leaveOnUnload,
        requestAccess,
        watchSession,
      },
      isVisible: () => document.visibilityState === "visible",
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    })
  );
  const chat = useMemo(() => newChat(Date.now() - Date.parse(now)), [now]);

  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    addEventListener("pagehide", () => call.unload(), { signal });
    // Taken out of the browser's memory, the page would show a call that has ended.
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    }, { signal });
    const stopSession = call.watch();
    const stopDevices = call.media.watch();
    // It has to be in sight from the first moment of the call.
    if (session.recording.requested) void RecordingPlate.load();
    // After a reload nothing has to be asked again: the picture is there, and one click joins.
    if (action !== null) void carryOut(call, action);
    else if (call.phase.value === "ready") void call.media.openIfAllowed();
    return () => {
      stopping.abort();
      stopSession();
      stopDevices();
    };
  }, []);

  const phase = call.phase.value;
  async function leave(): Promise<void> {
    const patience = new Promise((resolve) =>
      setTimeout(resolve, LEAVE_PATIENCE_MS)
    );
    await Promise.race([call.leave(), patience]);
    const home = homeOf(session, me);
    location.assign(
      me.role === "patient"
        ? `${home}?left=${encodeURIComponent(session.id)}`
        : home,
    );
  }

  const blocked = call.media.failure.value !== null && !call.asking.value &&
    (phase === "ready" || phase === "failed");
  const screen = isOnStage(phase) ? "stage" : blocked ? "blocked" : phase;
  const shown = useRef(screen);

  // The button that was pressed has gone with its screen: go on reading at the new one.
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    document.getElementById("main")?.focus();
  }, [screen]);

  if (screen === "stage") {
    return (
      <CallStage
        call={call}
        me={me}
        chat={chat}
        onLeave={() => void leave()}
      />
    );
  }
  const Shown = SCREENS[screen];
  return (
    <Screen>
      {Shown !== undefined
        ? <Shown session={call.session.value} call={call} me={me} when={when} />
        : screen === "left"
        ? (
          <p class="text-lg" role="status">
            You left. The session stays open until the doctor ends it.
          </p>
        )
        : (
          <WaitingRoom
            call={call}
            me={me}
            when={when}
            onLeave={() => void leave()}
          >
            {call.session.value.actions.includes("consent") && (
              <div class="mt-5">
                <RecordingQuestion call={call} me={me} />
              </div>
            )}
            <ChatButton
              chat={chat}
              label={`Message ${calledName(session, otherOf(session, me))}`}
              class="btn btn-quiet btn-block mt-5"
            />
            <ChatPlace
              call={call}
              me={me}
              chat={chat}
              class="sheet mt-3 h-96"
            />
          </WaitingRoom>
        )}
    </Screen>
  );
}
