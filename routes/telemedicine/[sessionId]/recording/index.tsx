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
    const players = recording.sections.map((section): RecordingPlayerProps => ({
      parts: SEATS.map((one) => ({
        name: session[one].name,
        url: section.parts.find(({ seat }) => seat === one)?.url ?? null,
      })),
      startsAt: section.starts_at_seconds,
      seconds: section.duration_seconds ?? 0,
      voiceOnly: section.voice_only,
    }));
    const when = fullMoment(
      session.started_at ?? session.scheduled_start,
      timeZone,
      services.now().toISOString(),
    );
    ctx.state.title = `Recording of ${when}`;
    const lasted = duration(recording.duration_seconds ?? 0);
    return page({ players, lasted, when, details });
  },
});

/** Plays the recording of a session, for both of its participants. */
export default define.page<typeof handler>(function Recording({ data }) {
  const { players, lasted, when, details } = data;
  return (
    <Main width="patient">
      <Crumb href={details}>Session details</Crumb>
      <h1 class="mt-1">Recording</h1>
      <p class="mt-1.5 mb-6 text-muted">
        {when}, {lasted}. Each viewing is written to the history.
      </p>
      {players.length === 1
        ? <RecordingPlayer {...players[0]!} />
        : players.map((player, at) => (
          <section key={at} class="mb-8" aria-labelledby={`part-${at + 1}`}>
            <h2 id={`part-${at + 1}`} class="mb-3">
              Part {at + 1}: {player.voiceOnly ? "voice" : "video"},{" "}
              {duration(player.seconds)}
            </h2>
            <RecordingPlayer {...player} />
          </section>
        ))}
      <noscript>
        <p class="mt-4 text-muted">
          Without JavaScript the parts play one by one, not together.
        </p>
      </noscript>
    </Main>
  );
});
