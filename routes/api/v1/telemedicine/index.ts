import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson, readQuery } from "@/lib/http/input.ts";
import {
  CreateSessionBody,
  ListSessionsQuery,
} from "@/lib/sessions/requests.ts";
import { createSession, listSessions } from "@/lib/sessions/service.ts";
import { viewSession } from "@/lib/sessions/view.ts";

export const handler = define.handlers({
  async GET({ state, url }) {
    const caller = requireCaller(state);
    const { visit_id, ...query } = readQuery(url, ListSessionsQuery);
    const { sessions, next } = await listSessions(state.services, caller, {
      ...query,
      visitId: visit_id,
    });
    const results = sessions.map((session) =>
      viewSession(session, caller.actor)
    );
    return Response.json({ results, next });
  },

  async POST({ req, state }) {
    const caller = requireCaller(state);
    const body = await readJson(req, CreateSessionBody);
    const session = await createSession(state.services, caller, {
      visitId: body.visit_id,
      scheduledStart: new Date(body.scheduled_start),
      recordingEnabled: body.recording_enabled,
      voiceOnly: body.voice_only,
      notes: body.notes,
    });
    return Response.json(viewSession(session, caller.actor), {
      status: 201,
      headers: { location: `/api/v1/telemedicine/${session.id}/` },
    });
  },
});
