import type {
  LocalAudioTrackPublication,
  LocalVideoTrackPublication,
  RemoteAudioTrackPublication,
  RemoteVideoTrackPublication,
  Room,
  StatsReport,
} from "twilio-video";
import type {
  LineReport,
  ReceivedTrack,
  SentTrack,
} from "@/lib/call/connection.ts";

/** What was counted of the track with this SID: null where the browser does not count. */
type Count = (sid: string) => number | null;

/** What goes in and out of a room of the SDK. */
export async function inspectRoom(room: Room): Promise<LineReport> {
  const counted = await room.getStats().catch(() => null);
  const sent = countOf(
    counted,
    (one) => [...one.localAudioTrackStats, ...one.localVideoTrackStats],
    ({ bytesSent }) => bytesSent,
  );
  const received = countOf(
    counted,
    (one) => [...one.remoteAudioTrackStats, ...one.remoteVideoTrackStats],
    ({ bytesReceived }) => bytesReceived,
  );
  const { audioTracks, videoTracks } = room.localParticipant;
  const [microphone] = audioTracks.values();
  const [camera] = videoTracks.values();
  return {
    sent: {
      camera: viewSent(camera, sent),
      microphone: viewSent(microphone, sent),
    },
    received: new Map(
      [...room.participants.values()].map((participant) => {
        const [audio] = participant.audioTracks.values();
        const [video] = participant.videoTracks.values();
        return [participant.identity, {
          camera: viewReceived(video, received),
          microphone: viewReceived(audio, received),
        }];
      }),
    ),
  };
}

/** A track can go out in several sizes, and over several connections: all count. */
function countOf<Stats extends { trackSid: string }>(
  reports: StatsReport[] | null,
  statsOf: (report: StatsReport) => Stats[],
  bytesOf: (stats: Stats) => number | null,
): Count {
  if (reports === null) return () => null;
  const all = reports.flatMap(statsOf);
  return (sid) => {
    const counts = all.filter(({ trackSid }) => trackSid === sid).map(bytesOf);
    return counts.includes(null)
      ? null
      : counts.reduce<number>((sum, bytes) => sum + bytes!, 0);
  };
}

function viewSent(
  publication:
    | LocalAudioTrackPublication
    | LocalVideoTrackPublication
    | undefined,
  count: Count,
): SentTrack | null {
  if (publication === undefined) return null;
  const { track, trackSid } = publication;
  return {
    isEnabled: track.isEnabled,
    hasEnded: track.mediaStreamTrack.readyState === "ended",
    isInterrupted: track.mediaStreamTrack.muted,
    bytes: count(trackSid),
  };
}

function viewReceived(
  publication:
    | RemoteAudioTrackPublication
    | RemoteVideoTrackPublication
    | undefined,
  count: Count,
): ReceivedTrack | null {
  if (publication === undefined) return null;
  const { track, trackSid, isSubscribed, isTrackEnabled } = publication;
  return {
    isEnabled: isTrackEnabled,
    isSubscribed,
    isHeldBack: track?.kind === "video" && track.isSwitchedOff,
    bytes: count(trackSid),
  };
}
