import { AppError } from "@/lib/errors.ts";
import type { VideoProvider } from "@/lib/video/provider.ts";

/** The video service of a clinic that has set up none: everything that needs it says so. */
export function openUnconfigured(): VideoProvider {
  const refuse = (): never => {
    throw refused();
  };
  const reject = () => Promise.reject(refused());
  return {
    client: { service: "none", signaling: null },
    openRoom: reject,
    fetchRoom: reject,
    closeRoom: reject,
    listOpenRooms: reject,
    listParticipants: reject,
    removeParticipant: reject,
    setRecording: reject,
    listRecordings: reject,
    deleteRecording: reject,
    compose: reject,
    fetchComposition: reject,
    deleteComposition: reject,
    listCompositions: reject,
    openMedia: reject,
    createAccessToken: refuse,
    isSigned: () => false,
  };
}

function refused(): AppError {
  return new AppError("video_not_configured", "No video service is set up");
}
