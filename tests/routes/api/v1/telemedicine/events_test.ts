import assert from "node:assert/strict";
import {
  leaveSession,
  requestAccess,
  startSession,
} from "@/lib/sessions/service.ts";
import type { SessionView } from "@/lib/sessions/view.ts";
import { signOut } from "@/lib/sign_in/service.ts";
import {
  createWorld,
  type Person,
  type World,
} from "../../../../support/world.ts";

/** The events of a stream, one by one, without the pings. */
async function* listen(
  world: World,
  person: Person,
  path: string,
): AsyncGenerator<{ event: string; data: unknown }> {
  const response = await world.ask(
    person,
    "GET",
    `/api/v1/telemedicine/${path}`,
  );
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  let text = "";
  for await (
    const chunk of response.body!.pipeThrough(new TextDecoderStream())
  ) {
    text += chunk;
    for (
      let end;
      (end = text.indexOf("\n\n")) >= 0;
      text = text.slice(end + 2)
    ) {
      const [, event, data] =
        /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      if (event !== undefined && event !== "ping") {
        yield { event, data: JSON.parse(data!) };
      }
    }
  }
}

Deno.test("{id}/events/ tells the session now and after every change, as each may see it", async () => {
  await using world = await createWorld();
  const { id } = await world.plan({ notes: "CANARY-NOTE" });
  const events = listen(world, world.patient, `${id}/events/`);
  const next = async () => {
    const { value } = await events.next();
    assert.equal(value?.event, "session");
    assert(!JSON.stringify(value).includes("CANARY-NOTE"));
    return value!.data as SessionView;
  };
  assert.equal((await next()).status, "SCHEDULED");
  await startSession(world.services, world.doctor, id);
  let session = await next();
  while (session.status === "SCHEDULED") session = await next();
  assert.equal(session.status, "IN_PROGRESS");
  await requestAccess(world.services, world.patient, id);
  assert.equal((await next()).presence.patient?.state, "joining");
  await leaveSession(world.services, world.patient, id);
  assert.equal((await next()).presence.patient?.state, "disconnected");
  await events.return(undefined);
});

Deno.test("events/ tells one's own sessions, new ones included", async () => {
  await using world = await createWorld();
  const mine = listen(world, world.patient, "events/");
  const others = listen(world, world.otherPatient, "events/");
  const idsOf = ({ value }: IteratorResult<{ data: unknown }>) =>
    (value.data as SessionView[]).map(({ id }) => id);
  assert.deepEqual(idsOf(await mine.next()), []);
  assert.deepEqual(idsOf(await others.next()), []);
  const { id } = await world.plan();
  assert.deepEqual(idsOf(await mine.next()), [id]);
  await mine.return(undefined);
  await others.return(undefined);
});

Deno.test("A34 a stream ends when its listener is signed out", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  for (const path of [`${id}/events/`, "events/"]) {
    const person = path === "events/" ? world.doctor : world.patient;
    const events = listen(world, person, path);
    await events.next();
    await signOut(world.services, person);
    // Any change makes the stream look.
    await world.plan();
    await requestAccess(world.services, world.patient, id);
    const { value } = await events.next();
    assert.equal(value?.event, "signed_out");
    assert((await events.next()).done);
  }
});

Deno.test("V7.3.1 a list that somebody forgot to close keeps nobody signed in; a call does", async () => {
  await using world = await createWorld();
  const { id } = await world.plan();
  await startSession(world.services, world.doctor, id);
  await requestAccess(world.services, world.doctor, id);
  const inCall = listen(world, world.doctor, `${id}/events/`);
  await inCall.next();
  for (let i = 0; i < 3; i++) {
    world.pass(20 * 60);
    // What the other does makes the stream look, and looking counts.
    await requestAccess(world.services, world.patient, id);
    assert.equal((await inCall.next()).value?.event, "session");
  }
  await inCall.return(undefined);
  const list = listen(world, world.doctor, "events/");
  await list.next();
  for (const event of ["sessions", "signed_out"]) {
    world.pass(20 * 60);
    await requestAccess(world.services, world.patient, id);
    assert.equal((await list.next()).value?.event, event);
  }
  await list.return(undefined);
});
