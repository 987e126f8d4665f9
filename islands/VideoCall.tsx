import type { FunctionComponent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { takeArrival } from "@/lib/call/arrival.ts";
import { watchSession } from "@/lib/call/watch_session.ts";
import { loadSdk } from "@/lib/call/load_sdk.ts";
import { meIn, otherOf, seatOf } from "@/lib/call/people.ts";
import { isAllowed } from "@/lib/call/permission.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import type { CallAppProps } from "@/lib/ui/call/CallApp.tsx";
import {
  type EntryAction,
  EntryButtons,
  EntryLayout,
  type EntryProps,
  Explanation,
  Screen,
} from "@/lib/ui/call/Entry.tsx";
import { NotArrived } from "@/lib/ui/NotArrived.tsx";

/** What the call page hands to the browser. */
export interface VideoCallProps
  extends Pick<CallAppProps, "video" | "when" | "now"> {
  /** The room the call begins in. One that switches from voice to video goes on in another. */
  roomName: string;
  /** Who looks at the page, as the others in the room know them: the id of the account. */
  identity: string;
  /** The session but for what the other two say. */
  session: Omit<SessionView, "room_name">;
}

/** The app once it is here, and what was pressed to get it. */
interface Opened {
  App: FunctionComponent<CallAppProps>;
  action: EntryAction | null;
}

const loadApp = () => import("@/lib/ui/call/CallApp.tsx");

/**
 * The door of the call. It is all that a page loads at first, and needs no
 * signals; the call itself comes with the first click, or at once when the
 * browser has nothing to ask any more.
 */
export default function VideoCall(
  { roomName, identity, session: first, video, when, now }: VideoCallProps,
) {
  const [session, setSession] = useState<SessionView>({
    ...first,
    room_name: roomName,
  });
  const me = meIn(session, identity);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [pressed, setPressed] = useState<EntryAction | null>(null);
  const [failed, setFailed] = useState(false);
  // A press before the page listens would be lost.
  const [listening, setListening] = useState(false);
  useEffect(() => setListening(true), []);
  /** Came to join at once: out of the queue of calls. */
  const arriving = useRef(false);
  /** What the app is to begin with: a press counts also while it is on its way already. */
  const wanted = useRef<EntryAction | null>(null);

  async function open(action: EntryAction | null): Promise<void> {
    if (wanted.current !== null) return;
    wanted.current = action;
    setPressed(action);
    setFailed(false);
    // The SDK is the longest way to go: let it set out together with the app.
    if (action === "join") loadSdk().catch(() => {});
    try {
      const { default: App } = await loadApp();
      setOpened((before) => before ?? { App, action: wanted.current });
    } catch {
      wanted.current = null;
      setPressed(null);
      setFailed(true);
    }
  }

  useEffect(() => {
    if (opened !== null) return;
    return watchSession(session.id, setSession);
  }, [opened]);

  useEffect(() => {
    // Who is in it on another device would be pushed out.
    arriving.current = takeArrival(session.id) &&
      session.presence[seatOf(session, me)] === null;
  }, []);

  // The patient may come before the room is open, and waits inside.
  const isOpen = session.status === "IN_PROGRESS" || me.role === "patient";
  useEffect(() => {
    if (isOpen && arriving.current) void open("join");
  }, [isOpen]);

  useEffect(() => {
    if (arriving.current) return;
    const kinds = session.voice_only
      ? ["microphone" as const]
      : ["camera" as const, "microphone" as const];
    isAllowed(kinds).then((allowed) => {
      if (allowed) void open(null);
    });
  }, []);

  const isWaitedFor = session.status === "SCHEDULED" ||
    session.status === "IN_PROGRESS";
  useEffect(() => {
    if (!isWaitedFor) void open(null);
  }, [isWaitedFor]);

  if (opened !== null) {
    return (
      <opened.App
        session={session}
        me={me}
        video={video}
        when={when}
        now={now}
        action={opened.action}
      />
    );
  }

  const entry: EntryProps = {
    session,
    me,
    voiceOnly: session.voice_only,
    pressed,
    listening,
    opening: pressed === "open" || pressed === "join",
    onAction: (action) => void open(action),
  };
  return (
    <Screen>
      <EntryLayout
        title={`Your session with ${otherOf(session, me).name}`}
        subtitle={`${when}.`}
        picture={<Explanation {...entry} />}
      >
        {failed && <NotArrived />}
        <EntryButtons {...entry} />
      </EntryLayout>
    </Screen>
  );
}
