import {
  CreateConsultationBody,
  ListConsultationsQuery,
} from "@/lib/consultations/requests.ts";
import { viewConsultation } from "@/lib/consultations/view.ts";
import { define } from "@/lib/define.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { readJson, readQuery } from "@/lib/http/input.ts";
import { createSession, listSessions } from "@/lib/sessions/service.ts";

export const handler = define.handlers({
  async GET({ state, url }) {
    const caller = requireCaller(state);
    const { appointment_id: visitId, ...query } = readQuery(
      url,
      ListConsultationsQuery,
    );
    const { sessions, next } = await listSessions(state.services, caller, {
      ...query,
      visitId,
    });
    const results = sessions.map((session) =>
      viewConsultation(session, caller.actor)
    );
    return Response.json({ results, next });
  },

  async POST({ req, state }) {
    const caller = requireCaller(state);
    const body = await readJson(req, CreateConsultationBody);
    const { scheduled_start } = body;
    const session = await createSession(state.services, caller, {
      visitId: body.appointment_id,
      scheduledStart: scheduled_start === undefined
        ? null
        : new Date(scheduled_start),
      recordingEnabled: body.recording_enabled,
      voiceOnly: body.voice_only,
      notes: body.notes,
    });
    return Response.json(viewConsultation(session, caller.actor), {
      status: 201,
      headers: { location: `/api/consultations/${session.id}/` },
    });
  },
});
