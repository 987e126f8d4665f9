import { deepEqual, equal, ok } from "node:assert/strict";
import type { IdempotencyRow } from "@/lib/idempotency/receipt.ts";
import { type AppProcess, startApp } from "../../support/app_process.ts";

const VISITS = "/api/v1/visits/";
/** How often the app is killed, and how many requests are always under way. */
const LIVES = 4;
const AT_ONCE = 6;

/** What was asked for under a key: as its reason, so that the visit tells of it. */
interface Asked {
  key: string;
  /** The visit, if the answer arrived. */
  id: string | null;
}

async function signIn(app: AppProcess): Promise<string> {
  const response = await fetch(`${app.origin}/api/v1/auth/login/`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: app.origin },
    body: JSON.stringify({
      email: "dr.lee@demo.bedside",
      password: "bedside-demo",
    }),
  });
  equal(response.status, 200);
  await response.body?.cancel();
  return response.headers.getSetCookie()[0]!.split(";")[0]!;
}

function openVisit(
  { origin }: AppProcess,
  cookie: string,
  key: string,
): Promise<Response> {
  return fetch(origin + VISITS, {
    method: "POST",
    headers: {
      cookie,
      origin,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify({ patient_email: "ben@demo.bedside", reason: key }),
  });
}

/** Opens visits until the app dies under it. */
async function openVisits(
  app: AppProcess,
  cookie: string,
  all: Asked[],
): Promise<void> {
  for (;;) {
    const asked: Asked = { key: crypto.randomUUID(), id: null };
    all.push(asked);
    try {
      const response = await openVisit(app, cookie, asked.key);
      asked.id = (await response.json()).id;
    } catch {
      return;
    }
  }
}

/** The reasons of all visits, each as often as there are visits of it. */
async function reasonsOf(
  { origin }: AppProcess,
  cookie: string,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  let next: string | null = "";
  while (next !== null) {
    const query: string = next === ""
      ? "?limit=100"
      : `?limit=100&cursor=${encodeURIComponent(next)}`;
    const response = await fetch(origin + VISITS + query, {
      headers: { cookie },
    });
    const page = await response.json();
    for (const { id, reason } of page.results) {
      found.set(reason, [...(found.get(reason) ?? []), id]);
    }
    next = page.next;
  }
  return found;
}

/** Lets the time pass after which a run counts as dead; the app is not running meanwhile. */
async function letRunsDie(path: string): Promise<number> {
  using kv = await Deno.openKv(path);
  let running = 0;
  for await (
    const { key, value } of kv.list<IdempotencyRow>({ prefix: ["idem"] })
  ) {
    if (value.answer !== null) continue;
    running++;
    await kv.set(key, { ...value, until: value.startedAt });
  }
  return running;
}

Deno.test("whatever the app was doing when it was killed, the same keys after the restart come to one outcome", async () => {
  const folder = await Deno.makeTempDir({ prefix: "bedside-kill-" });
  const path = `${folder}/kv.sqlite3`;
  const all: Asked[] = [];
  let cookie = "";
  for (let life = 0; life < LIVES; life++) {
    await using app = await startApp({ KV_PATH: path });
    cookie ||= await signIn(app);
    const workers = Array.from(
      { length: AT_ONCE },
      () => openVisits(app, cookie, all),
    );
    await new Promise((done) => setTimeout(done, 150 + Math.random() * 350));
    await app.kill();
    await Promise.all(workers);
  }
  const left = await letRunsDie(path);
  const unheard = all.filter(({ id }) => id === null);
  ok(all.length > unheard.length && unheard.length >= LIVES);
  ok(left <= unheard.length, "who was answered is done");
  {
    await using app = await startApp({ KV_PATH: path });
    for (const asked of all) {
      const response = await openVisit(app, cookie, asked.key);
      equal(response.status, 201);
      const { id } = await response.json();
      equal(id, asked.id ?? id);
      asked.id = id;
    }
    const found = await reasonsOf(app, cookie);
    for (const { key, id } of all) deepEqual(found.get(key), [id]);
  }
  await Deno.remove(folder, { recursive: true });
});
