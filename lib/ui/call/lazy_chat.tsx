import { lazy } from "@/lib/ui/call/lazy.tsx";

/** The chat, whose code arrives after that of the call; one for all screens, so that it is there at once on the next. */
export const Chat = lazy(
  () => import("@/lib/ui/call/Chat.tsx"),
  (failed) =>
    failed
      ? (
        <p class="note note-fail absolute inset-x-3 bottom-3 z-10" role="alert">
          The chat did not arrive. Check that you are online, then reload.
        </p>
      )
      : null,
);
