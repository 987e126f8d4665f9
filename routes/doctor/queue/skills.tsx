import { page } from "fresh";
import { setAvailability } from "@/lib/calls/availability_service.ts";
import { SkillsBody } from "@/lib/calls/requests.ts";
import { getSkills } from "@/lib/calls/skills_service.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { check, readFields } from "@/lib/http/input.ts";
import { SkillsForm } from "@/lib/ui/calls/SkillsForm.tsx";
import { Crumb } from "@/lib/ui/Crumb.tsx";
import { Main } from "@/lib/ui/Main.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { tickedIn } from "@/lib/ui/ticked.ts";

const HERE = "/doctor/queue/skills";

export const handler = define.handlers({
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    const skills = await getSkills(ctx.state.services, caller);
    ctx.state.title = "Which calls ring here";
    return page({ skills }, { headers: { "cache-control": "no-store" } });
  },

  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const fields = await readFields(ctx.req);
    const skills = check(SkillsBody, {
      languages: tickedIn(fields, "language"),
      specialties: tickedIn(fields, "specialty"),
    });
    await setAvailability(ctx.state.services, caller, skills);
    return ctx.redirect(`${HERE}?saved=1`, 303);
  },
});

/** What a doctor can be asked for besides being there. */
export default define.page<typeof handler>(function SkillsPage({ data, url }) {
  return (
    <Main width="staff">
      <Crumb href="/doctor/queue">Queue</Crumb>
      <h1 class="mt-2">Which calls ring here</h1>
      <p class="mt-1.5 text-muted max-w-[65ch]">
        Patients who ask for any doctor always ring here while you are
        available. Those who ask for a language or a kind of doctor do if you
        tick it here.
      </p>
      {url.searchParams.has("saved") && (
        <Note tone="calm" icon="circle-check" role="status" class="mt-6">
          <p>
            <strong>Saved.</strong> Patients can ask for it now.
          </p>
        </Note>
      )}
      <div class="mt-7">
        <SkillsForm skills={data.skills} />
      </div>
    </Main>
  );
});
