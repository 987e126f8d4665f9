import { page } from "fresh";
import RecordingPlayer, {
  type RecordingPlayerProps,
} from "@/islands/RecordingPlayer.tsx";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { viewRecording } from "@/lib/recordings/view.ts";
import { getSession } from "@/lib/sessions/service.ts";
import { SEATS } from "@/lib/sessions/session.ts";
import { viewSession } from "@/lib/sessions/view.ts";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { duration, fullMoment } from "@/lib/ui/times.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services, timeZone } = ctx.state;
    const caller = requireCaller(ctx.state);
    const id = ctx.params.sessionId!;
    const stored = await getSession(services, caller, id);
    const session = viewSession(stored, caller.actor);
    const details = `/telemedicine/${id}/details`;
    // Not ready, or deleted: the details say how it stands.
    if (!session.actions.includes("play_recording")) {
      return ctx.redirect(details, 303);
    }
    const recording = viewRecording(stored, caller.actor);
    const player: RecordingPlayerProps = {
      parts: SEATS.map((one) => ({
        name: session[one].name,
        url: recording.parts.find(({ seat }) => seat === one)?.url ?? null,
      })),
      startsAt: recording.starts_at_seconds,
      seconds: recording.duration_seconds ?? 0,
      voiceOnly: session.voice_only,
    };
    const when = fullMoment(
      session.started_at ?? session.scheduled_start,
      timeZone,
      services.now().toISOString(),
    );
    ctx.state.title = `Recording of ${when}`;
    return page({ player, when, details });
  },
});

/** Plays the recording of a session, for both of its participants. */
export default define.page<typeof handler>(function Recording({ data }) {
  const { player, when, details } = data;
  return (
    <Main width="patient">
      <Crumb href={details}>Session details</Crumb>
      <h1 class="mt-1">Recording</h1>
      <p class="mt-1.5 mb-6 text-muted">
        {when},{" "}
        {duration(player.seconds)}. Each viewing is written to the history.
      </p>
      <RecordingPlayer {...player} />
      <noscript>
        <p class="mt-4 text-muted">
          Without JavaScript the parts play one by one, not together.
        </p>
      </noscript>
    </Main>
  );
});
