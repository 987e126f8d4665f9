/** Grids: where sources are shown, and who may render them. */
import { answerCompose } from "@/lib/twilio_emulator/compose/compose.ts";
import {
  cellsOf,
  gridSize,
  placeSources,
} from "@/lib/twilio_emulator/compose/grid.ts";
import { Renderings } from "@/lib/twilio_emulator/compose/renderings.ts";
import { planScene, type Scene } from "@/lib/twilio_emulator/compose/scene.ts";
import type { CompositionOptions } from "@/lib/twilio_emulator/hooks/composition_options.ts";
import { parseVideoLayout } from "@/lib/twilio_emulator/hooks/video_layout.ts";
import { MediaLinks } from "@/lib/twilio_emulator/media/links.ts";
import {
  type Composition,
  Compositions,
} from "@/lib/twilio_emulator/recording/compositions.ts";
import {
  type Recording,
  Recordings,
} from "@/lib/twilio_emulator/recording/recordings.ts";
import { TrackFile } from "@/lib/twilio_emulator/recording/track_file.ts";
import { resolveSettings } from "@/lib/twilio_emulator/settings.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { ACCOUNT, SANITIZED, serveEmulator } from "./harness.ts";

const PICTURE = { width: 640, height: 480 };

const region = (more: Record<string, unknown> = {}) =>
  parseVideoLayout(
    JSON.stringify({ it: { video_sources: ["*"], ...more } }),
    PICTURE.width,
    PICTURE.height,
  ).it!;

Deno.test("grid: rows and columns by the number of sources", () => {
  const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 17, 20]
    .map((count) => gridSize(count).join("×"));
  assert.equal(
    sizes.join(" "),
    "0×0 1×1 1×2 2×2 2×2 2×3 2×3 3×3 3×3 3×4 3×4 4×5 4×5",
  );
  assert.deepEqual(gridSize(6, 1), [1, 6]);
  assert.deepEqual(gridSize(6, 0, 1), [6, 1]);
  assert.deepEqual(gridSize(6, 2, 2), [2, 2]);
});

Deno.test("grid: cells side by side, in a region, without some", () => {
  assert.deepEqual(cellsOf(region(), PICTURE, 2), [
    { x: 0, y: 0, width: 320, height: 480 },
    { x: 320, y: 0, width: 320, height: 480 },
  ]);
  const small = region({ x_pos: 100, y_pos: 50, width: 99, height: 51 });
  assert.deepEqual(cellsOf(small, PICTURE, 1), [
    { x: 100, y: 50, width: 99, height: 51 },
  ]);
  // A cell more is made where one must stay empty.
  assert.deepEqual(cellsOf(region({ cells_excluded: [0] }), PICTURE, 1), [
    { x: 320, y: 0, width: 320, height: 480 },
  ]);
});

Deno.test("grid: enough cells, none over another, all within", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 30 }),
    fc.record({
      x_pos: fc.nat(300),
      y_pos: fc.nat(300),
      width: fc.constantFrom(0, 16, 333),
      height: fc.constantFrom(0, 16, 177),
      cells_excluded: fc.array(fc.nat(9), { maxLength: 4 }),
    }),
    (count, more) => {
      const cells = cellsOf(region(more), PICTURE, count);
      assert.ok(cells.length >= count);
      const right = more.x_pos + (more.width || PICTURE.width - more.x_pos);
      const low = more.y_pos + (more.height || PICTURE.height - more.y_pos);
      for (const [index, a] of cells.entries()) {
        assert.ok(a.x >= more.x_pos && a.x + a.width <= right);
        assert.ok(a.y >= more.y_pos && a.y + a.height <= low);
        for (const b of cells.slice(index + 1)) {
          const isApart = a.x + a.width <= b.x || b.x + b.width <= a.x ||
            a.y + a.height <= b.y || b.y + b.height <= a.y;
          assert.ok(isApart);
        }
      }
    },
  ));
});

Deno.test("grid: who keeps a cell, who gets it next", () => {
  const place = (more: Record<string, unknown>) =>
    placeSources(region(more), PICTURE, [
      { from: 0, to: 10 },
      { from: 2, to: 6 },
      { from: 4, to: 12 },
    ]).map(({ source, cell, from, to }) => [source, cell.x, from, to]);
  const row = { max_rows: 1, max_columns: 2 };
  assert.deepEqual(place({ ...row, reuse: "show_oldest" }), [
    [0, 0, 0, 10],
    [1, 320, 2, 6],
    [2, 320, 6, 12],
  ]);
  assert.deepEqual(place({ ...row, reuse: "show_newest" }), [
    [0, 0, 0, 4],
    [1, 320, 2, 6],
    [2, 0, 4, 12],
    [0, 320, 6, 10],
  ]);
  assert.deepEqual(place({ ...row, reuse: "none" }), [
    [0, 0, 0, 10],
    [1, 320, 2, 6],
  ]);
});

Deno.test("grid: at each time all that fit are shown, each in its own cell", () => {
  const span = fc.record({
    from: fc.nat(20),
    length: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(fc.property(
    fc.array(span, { maxLength: 8 }),
    fc.constantFrom("show_oldest", "show_newest"),
    (spans, reuse) => {
      const sources = spans.map(({ from, length }) => ({
        from,
        to: from + length,
      })).sort((a, b) => a.from - b.from);
      const limited = region({ reuse, max_rows: 1, max_columns: 3 });
      const placings = placeSources(limited, PICTURE, sources);
      for (let time = 0.5; time < 30; time++) {
        const isOn = (one: { from: number; to: number }) =>
          one.from <= time && one.to > time;
        const shown = placings.filter(isOn);
        const there = sources.filter(isOn).length;
        assert.equal(shown.length, Math.min(3, there));
        assert.equal(
          new Set(shown.map(({ cell }) => cell.x)).size,
          shown.length,
        );
        assert.ok(shown.every(({ source }) => isOn(sources[source]!)));
      }
    },
  ));
});

Deno.test("scene: clips at their offsets, in the regions that want them", () => {
  const recording = (
    sid: string,
    kind: "audio" | "video",
    trackName: string,
    offsetMs: number,
  ) =>
    ({ sid, kind, trackName, offsetMs, seconds: 10, path: sid }) as Recording;
  const scene = planScene(
    [
      recording("RT2", "video", "camera", 3000),
      recording("RT1", "audio", "mic", 1000),
      recording("RT3", "video", "screen", 2000),
      recording("RT4", "audio", "noise", 2000),
    ],
    {
      audioSources: ["m*"],
      audioSourcesExcluded: [],
      videoLayout: {
        main: region({ video_sources: ["screen"] }),
        corner: region({
          video_sources: ["*"],
          video_sources_excluded: ["screen"],
          x_pos: 480,
          width: 160,
          height: 120,
          z_pos: 1,
        }),
      },
      resolution: "640x480",
      trim: true,
    } as unknown as CompositionOptions,
    new Date(0),
  );
  assert.deepEqual(scene, {
    ...PICTURE,
    seconds: 12,
    clips: [
      { kind: "audio", path: "RT1", offset: 0, seconds: 10, showings: [] },
      {
        kind: "video",
        path: "RT3",
        offset: 1,
        seconds: 10,
        showings: [{ x: 0, y: 0, ...PICTURE, from: 1, to: 11, z: 0 }],
      },
      {
        kind: "video",
        path: "RT2",
        offset: 2,
        seconds: 10,
        showings: [
          { x: 480, y: 0, width: 160, height: 120, from: 2, to: 12, z: 1 },
        ],
      },
    ],
  });
});

const KEY_FRAME = [0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00];

/** One composition that waits, and what a page asks for it. */
async function waiting() {
  const folder = await Deno.makeTempDir();
  let now = Date.now();
  const events: string[] = [];
  const settings = resolveSettings({
    accounts: [ACCOUNT],
    now: () => new Date(now),
  });
  const compositions = new Compositions({
    settings,
    folder,
    recordings: new Recordings(),
    recorded: () => Promise.resolve(),
    emit: ({ type, percent, error }) =>
      events.push([type, percent, error].filter(Boolean).join(" ")),
    render: null,
  });
  const renderings = new Renderings(settings.now, compositions);
  const links = new MediaLinks(folder, settings.now);
  const sid = `CJ${"0".repeat(32)}`;
  const path = `${folder}/${sid}.webm`;
  const composition = { sid, path, status: "processing" } as Composition;
  const scene: Scene = {
    ...PICTURE,
    seconds: 4,
    clips: [{
      kind: "video",
      path: `${folder}/RT1.mkv`,
      offset: 0,
      seconds: 4,
      showings: [],
    }],
  };
  renderings.add(composition, scene);
  const ask = async (
    method: string,
    path: string,
    body?: BodyInit,
    headers: Record<string, string> = {},
  ) => {
    const request = new Request(`http://h/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const { pathname } = new URL(request.url);
    return await answerCompose(request, pathname, renderings, links);
  };
  return {
    folder,
    composition,
    events,
    renderings,
    ask,
    take: async () => await (await ask("POST", "compose"))!.json(),
    passes: (ms: number) => now += ms,
    [Symbol.asyncDispose]: async () => {
      await renderings.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test(
  "compose: a page takes it, tells of it, and sends the file",
  SANITIZED,
  async () => {
    await using it = await waiting();
    const foreign = { "sec-fetch-site": "cross-site" };
    assert.equal((await it.ask("POST", "compose", "", foreign))!.status, 403);
    const job = await it.take();
    assert.equal(job.seconds, 4);
    assert.match(job.clips[0].url, /^media\/RT1\.mkv\?expires=\d+&/);
    assert.equal((await it.ask("POST", "compose"))!.status, 204, "it is taken");
    const { url } = job;
    await it.ask("POST", `${url}&seconds=1.3`);
    await it.ask("POST", `${url}&seconds=nonsense`);

    const source = `${it.folder}/RT1.mkv`;
    const file = await TrackFile.create(source, "video");
    const frame = {
      isKey: true,
      width: 320,
      height: 240,
      time: 0,
      duration: 4,
    };
    await file.add({ ...frame, data: new Uint8Array(KEY_FRAME) });
    await file.finish();
    const body = await Deno.readFile(source);
    assert.equal((await it.ask("PUT", url, body))!.status, 204);
    assert.equal(it.composition.status, "completed");
    assert.equal(it.composition.seconds, 4);
    assert.equal(
      it.composition.size,
      (await Deno.stat(it.composition.path)).size,
    );
    assert.deepEqual(it.events, [
      "composition-progress 30",
      "composition-available",
    ]);
    assert.equal((await it.ask("PUT", url, body))!.status, 403, "it is done");
    assert.deepEqual(
      [...Deno.readDirSync(it.folder)].map(({ name }) => name).sort(),
      [`${it.composition.sid}.webm`, "RT1.mkv"],
    );
  },
);

Deno.test(
  "compose: keys that are wrong or late open nothing",
  SANITIZED,
  async () => {
    await using it = await waiting();
    const { url } = await it.take();
    const { sid } = it.composition;
    for (
      const bad of [
        `compose/${sid}`,
        `compose/${sid}?key=${Date.now()}.abcdef`,
        url.slice(0, -1) + (url.endsWith("0") ? "1" : "0"),
        url.replace(sid, `CJ${"1".repeat(32)}`),
      ]
    ) {
      assert.equal((await it.ask("PUT", bad, "x"))!.status, 403, bad);
    }
    it.passes(700_000);
    assert.equal((await it.ask("PUT", url, "x"))!.status, 403);
    assert.deepEqual(it.events, []);
  },
);

Deno.test(
  "compose: too large, unreadable, or given up: it fails",
  SANITIZED,
  async () => {
    for (
      const [method, body, status, error] of [
        ["PUT", new Uint8Array(9 * 2 ** 20), 413, "It is too large"],
        ["PUT", "nonsense", 422, "What was rendered cannot be read"],
        ["DELETE", undefined, 204, "The page could not render it: no sound"],
      ] as const
    ) {
      await using it = await waiting();
      const { url } = await it.take();
      const asked = `${url}&reason=no sound`;
      assert.equal((await it.ask(method, asked, body))!.status, status);
      assert.equal(it.composition.status, "failed");
      assert.equal(it.events.length, 1);
      assert.ok(it.events[0]!.startsWith(`composition-failed ${error}`));
      assert.deepEqual([...Deno.readDirSync(it.folder)], []);
      assert.equal((await it.ask("POST", "compose"))!.status, 204);
    }
  },
);

Deno.test(
  "compose: a connection that is cut leaves it to be sent again",
  SANITIZED,
  async () => {
    await using it = await waiting();
    const { url } = await it.take();
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error("cut")),
    });
    assert.equal((await it.ask("PUT", url, body))!.status, 409);
    assert.equal(it.composition.status, "processing");
    assert.deepEqual([...Deno.readDirSync(it.folder)], []);
    // One that hangs ends with the emulator.
    const hanging = it.ask("PUT", url, new ReadableStream());
    await new Promise((done) => setTimeout(done, 20));
    await it.renderings.close();
    assert.equal((await hanging)!.status, 409);
  },
);

Deno.test(
  "compose: the page is there when asked for, and linked",
  SANITIZED,
  async () => {
    for (const renderGrids of [false, true]) {
      await using served = serveEmulator({ renderGrids, monitor: true });
      for (const path of ["compose", "compose/page.js", "compose/page.css"]) {
        const response = await fetch(`${served.baseUrl}/${path}`);
        assert.equal(response.status, renderGrids ? 200 : 404);
        await response.body?.cancel();
      }
      const events = await fetch(`${served.baseUrl}/monitor/events`);
      const reader = events.body!.pipeThrough(new TextDecoderStream())
        .getReader();
      const { value } = await reader.read();
      assert.equal(value!.includes(`"rendersGrids":true`), renderGrids);
      await reader.cancel();
    }
  },
);
