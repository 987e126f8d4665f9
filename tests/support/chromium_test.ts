import { launchChromium } from "@/tests/support/chromium.ts";
import assert from "node:assert/strict";

/** What the module promises for a browser launched within a test. */
const SANITIZED = { sanitizeOps: true, sanitizeResources: true };

/** A page on 127.0.0.1: a secure context, which `getUserMedia` asks for. */
function servePage(): { url: string; [Symbol.asyncDispose](): Promise<void> } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response("<!doctype html><title>media</title>", {
        headers: { "content-type": "text/html" },
      }),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test(
  "launchChromium: fake media flows over a VP8 and Opus peer connection",
  SANITIZED,
  async () => {
    await using server = servePage();
    await using chromium = await launchChromium();
    const page = await chromium.newPage();
    await page.goto(server.url);
    const codecs = await page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: true,
        video: true,
      });
      const caller = new RTCPeerConnection();
      const callee = new RTCPeerConnection();
      caller.onicecandidate = ({ candidate }) =>
        candidate && callee.addIceCandidate(candidate);
      callee.onicecandidate = ({ candidate }) =>
        candidate && caller.addIceCandidate(candidate);
      for (const track of stream.getTracks()) caller.addTrack(track, stream);
      await caller.setLocalDescription();
      await callee.setRemoteDescription(caller.localDescription!);
      await callee.setLocalDescription();
      await caller.setRemoteDescription(callee.localDescription!);
      const deadline = performance.now() + 10_000;
      while (performance.now() < deadline) {
        const stats = [
          ...(await callee.getStats() as unknown as Map<
            string,
            Record<string, unknown>
          >).values(),
        ];
        const inbound = stats.filter((entry) => entry.type === "inbound-rtp");
        const video = inbound.some((entry) => Number(entry.framesDecoded) > 0);
        const audio = inbound.some((entry) =>
          entry.kind === "audio" && Number(entry.packetsReceived) > 0
        );
        if (video && audio) {
          return stats.filter((entry) => entry.type === "codec").map((entry) =>
            entry.mimeType
          ).sort();
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return [];
    });
    assert.deepEqual(codecs, ["audio/opus", "video/VP8"]);
  },
);

Deno.test(
  "launchChromium: a user who refuses, on a phone in dark mode",
  SANITIZED,
  async () => {
    await using server = servePage();
    await using chromium = await launchChromium({
      mediaPermission: "deny",
      context: { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
    });
    const page = await chromium.newPage();
    await page.goto(server.url);
    const askForCamera = () =>
      page.evaluate(() =>
        navigator.mediaDevices.getUserMedia({ video: true }).then(
          (stream) => stream.getVideoTracks().length,
          (error) => error.name,
        )
      );
    assert.equal(await askForCamera(), "NotAllowedError");
    assert.equal(
      await page.evaluate(() =>
        matchMedia("(prefers-color-scheme: dark)").matches
      ),
      true,
    );
    assert.equal(await page.evaluate(() => innerWidth), 390);
  },
);

Deno.test(
  "launchChromium: without fake devices there is no camera",
  SANITIZED,
  async () => {
    await using server = servePage();
    await using chromium = await launchChromium({ fakeMediaDevices: false });
    const page = await chromium.newPage();
    await page.goto(server.url);
    const failure = await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => "found a camera",
        (error) => error.name,
      )
    );
    assert.equal(failure, "NotFoundError");
  },
);

Deno.test(
  "launchChromium: disposing ends the process",
  { ...SANITIZED, ignore: Deno.build.os !== "linux" },
  async () => {
    const marker = `--test-run=${crypto.randomUUID()}`;
    {
      await using chromium = await launchChromium({ args: [marker] });
      assert.equal(chromium.browser.isConnected(), true);
      assert.notEqual((await processesWith(marker)).length, 0);
    }
    assert.deepEqual(await processesWith(marker), []);
  },
);

async function processesWith(argument: string): Promise<string[]> {
  const pids: string[] = [];
  for await (const entry of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    const commandLine = await Deno.readTextFile(`/proc/${entry.name}/cmdline`)
      .catch(() => "");
    if (commandLine.split("\0").includes(argument)) pids.push(entry.name);
  }
  return pids;
}
