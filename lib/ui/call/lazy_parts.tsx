import { lazy } from "@/lib/ui/call/lazy.tsx";

/** Stands where a part should be whose code did not come. */
export const NOT_ARRIVED =
  "A part of this page did not arrive. Check that you are online, then reload.";

/** Whether the session may be recorded; only some are asked about. */
export const RecordingQuestion = lazy(
  () => import("@/lib/ui/call/RecordingQuestion.tsx"),
);

/** A command that did not work, in words. */
export const TroubleNote = lazy(() => import("@/lib/ui/call/TroubleNote.tsx"));
