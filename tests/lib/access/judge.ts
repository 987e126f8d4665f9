/** Asks an address, and holds what came back against what the table says. */
import assert from "node:assert/strict";
import { type ErrorCode, ERRORS } from "@/lib/errors.ts";
import type { Person, World } from "../../support/world.ts";
import { type AnyFace, HOW, type How } from "./faces.ts";
import type { Asked } from "./subjects.ts";

/** What somebody is answered, wherever they ask. */
export type Decision = "ok" | ErrorCode;

/** What came back, as far as two answers can be told apart. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** How often something was asked. */
let asked = 0;

/** Asks one address as somebody; every second time without the trailing slash. */
export async function ask(
  world: World,
  person: Person | null,
  face: AnyFace,
  about: Asked,
): Promise<Answer> {
  const how: How = HOW[face];
  const [method, address] = face.split(" ") as [string, string];
  const path = how.path?.(about, person) ?? address.replace("{id}", about.id);
  const response = await world.ask(
    person,
    method,
    asked++ % 2 === 0 ? path : path.replace(/(?<=.)\/$/, ""),
    {
      ...(how.json === undefined ? {} : { json: how.json(about, world) }),
      ...(how.form === undefined ? {} : { form: how.form }),
    },
  );
  const isStream = response.headers.get("content-type") === "text/event-stream";
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: isStream ? await firstEvent(response) : await response.text(),
  };
}

/** A stream never ends by itself: up to its first event. */
async function firstEvent(response: Response): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  while (!/^event: (?!ping)[^]*\n\n/m.test(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text;
}

const isPage = (face: AnyFace) => !/ \/(api|webhooks)\//.test(face);

/** What was decided, read from the answer alone. */
export function decisionIn(face: AnyFace, answer: Answer): Decision {
  const { status, headers: { location = "" }, body } = answer;
  const promised = Object.entries(HOW[face].promised ?? {}).find(([, said]) =>
    said[0] === status && JSON.stringify(said[1]) === body
  );
  if (promised !== undefined) return promised[0] as ErrorCode;
  if (isPage(face)) {
    if (location.startsWith("/login?next=")) return "unauthenticated";
    const problem = /[?&]problem=(\w+)$/.exec(location);
    if (problem !== null) return problem[1] as ErrorCode;
    if (status < 400) return "ok";
    const title = /<title>(.*) · Bedside<\/title>/.exec(body)?.[1];
    const known = Object.entries(ERRORS).find(([, one]) => one.title === title);
    return known![0] as ErrorCode;
  }
  return status < 400 ? "ok" : JSON.parse(body).code;
}

/** Holds what came back against the decision, to the last field. */
export function verify(
  face: AnyFace,
  answer: Answer,
  decision: Decision,
): void {
  if (decision === "ok") return verifySuccess(face, answer);
  const how: How = HOW[face];
  const promised = how.promised?.[decision];
  if (promised !== undefined) {
    assert.deepEqual([answer.status, JSON.parse(answer.body)], promised);
    return;
  }
  const { status, title } = ERRORS[decision];
  if (isPage(face) && decision === "unauthenticated") {
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location!, /^\/login\?next=%2F/);
    return;
  }
  if (isPage(face) && how.back && status === 409) {
    assert.equal(answer.status, 303);
    assert.match(
      answer.headers.location!,
      new RegExp(`[?&]problem=${decision}$`),
    );
    return;
  }
  assert.equal(answer.status, status);
  if (isPage(face)) {
    assert.match(answer.headers["content-type"]!, /^text\/html/);
    // The sign-in page keeps its own title while it says what is wrong.
    if (how.everybody === undefined) {
      assert(answer.body.includes(`<title>${title} · Bedside</title>`));
    }
    return;
  }
  assert.equal(answer.headers["content-type"], "application/problem+json");
  const { detail, fields: _, ...problem } = JSON.parse(answer.body);
  assert.deepEqual(problem, {
    type: `/problems/${decision}`,
    title,
    status,
    code: decision,
  });
  assert.equal(typeof detail, "string");
}

function verifySuccess(face: AnyFace, { status, headers, body }: Answer): void {
  const { ok }: How = HOW[face];
  if ("json" in ok) {
    assert(String(ok.status ?? 200).includes(String(status)), `${status}`);
    assert.equal(headers["content-type"], "application/json");
    ok.json.parse(JSON.parse(body));
  } else if ("event" in ok) {
    assert.equal(status, 200);
    const [, event, data] = /^event: (\w+)\ndata: (.*)\n\n/m.exec(body)!;
    assert.equal(event, ok.event);
    ok.data.parse(JSON.parse(data!));
  } else if ("bytes" in ok) {
    assert.equal(status, 200);
    assert.equal(headers["content-type"], ok.bytes);
  } else if ("page" in ok) {
    if (ok.or !== undefined && headers.location !== undefined) {
      assert.match(headers.location, ok.or);
      return;
    }
    assert.equal(status, 200);
    assert.match(headers["content-type"]!, /^text\/html/);
    assert.match(body, /<main/);
  } else if ("to" in ok) {
    assert(status === 303 || status === 302);
    assert.match(headers.location!, ok.to);
  } else {
    assert.deepEqual([status, body], [ok.status, ""]);
  }
}

/** The answer without what differs from request to request anyway. */
export function comparable(
  { status, headers, body }: Answer,
  about: Asked,
): string {
  const { "x-request-id": requestId, ...rest } = headers;
  const nonce = /'nonce-([^']+)'/.exec(rest["content-security-policy"] ?? "");
  let text = JSON.stringify([status, rest, body]);
  for (
    const [value, name] of [
      [requestId, "REQUEST"],
      [about.id, "ID"],
      [about.roomName, "ROOM"],
      [nonce?.[1], "NONCE"],
    ]
  ) if (value) text = text.replaceAll(value, name!);
  return text;
}
