/** Renders compositions, one after the other: plays their clips into one picture and one sound, and records these. */
const FRAMES_PER_SECOND = 25;
const VIDEO_BITS_PER_SECOND = 2_000_000;
const KEY_FRAME_MS = 2000;
/** A clip that is so far from its time is moved there. */
const MAX_STRAY = 0.25;
const LOAD_MS = 15_000;
const ASK_MS = 1000;

const byId = (id) => document.getElementById(id);
const canvas = byId("picture");
const progress = byId("progress");
const audio = new AudioContext();

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function say(text) {
  byId("state").textContent = text;
}

/** Settles when the browser lets this page handle sound. */
async function sound() {
  await Promise.race([audio.resume(), sleep(500)]);
  if (audio.state === "running") return;
  say("Waiting for a click");
  byId("ask").hidden = false;
  await new Promise((resolve) => {
    byId("start").addEventListener("click", resolve, { once: true });
  });
  await audio.resume();
  byId("ask").hidden = true;
}

/** Settles when the first frames of a clip can be played. */
function load(clip) {
  const media = document.createElement("video");
  media.preload = "auto";
  const loaded = new Promise((resolve, reject) => {
    const fail = () => {
      const reason = media.error?.message || "it takes too long";
      reject(new Error(`a recording cannot be played: ${reason}`));
    };
    media.addEventListener("canplay", () => resolve({ ...clip, media }), {
      once: true,
    });
    media.addEventListener("error", fail, { once: true });
    setTimeout(fail, LOAD_MS);
  });
  media.src = clip.url;
  return loaded;
}

/** Shows a frame in the middle of its cell, as large as it fits. */
function paint(context, media, { x, y, width, height }) {
  const { videoWidth, videoHeight } = media;
  if (!videoWidth || media.readyState < 2) return;
  const scale = Math.min(width / videoWidth, height / videoHeight);
  const w = videoWidth * scale;
  const h = videoHeight * scale;
  context.drawImage(
    media,
    x + (width - w) / 2,
    y + (height - h) / 2,
    w,
    h,
  );
}

/** Plays each clip when its time has come. */
function follow(clips, now) {
  for (const { media, offset, seconds } of clips) {
    const at = now - offset;
    if (at < 0 || at >= seconds) {
      if (!media.paused) media.pause();
      continue;
    }
    if (media.ended) continue;
    if (media.paused) media.play().catch(() => {});
    else if (Math.abs(media.currentTime - at) > MAX_STRAY && !media.seeking) {
      media.currentTime = at;
    }
  }
}

function recorderOf(job, mix) {
  const kinds = new Set(job.clips.map(({ kind }) => kind));
  const stream = new MediaStream([
    ...(kinds.has("video")
      ? canvas.captureStream(FRAMES_PER_SECOND).getTracks()
      : []),
    ...(kinds.has("audio") ? mix.stream.getTracks() : []),
  ]);
  const mimeType = kinds.has("video")
    ? `video/webm;codecs=vp8${kinds.has("audio") ? ",opus" : ""}`
    : "audio/webm;codecs=opus";
  return new MediaRecorder(stream, {
    mimeType,
    videoBitsPerSecond: VIDEO_BITS_PER_SECOND,
    videoKeyFrameIntervalDuration: KEY_FRAME_MS,
  });
}

/** Records a composition; answers the file. */
async function render(job) {
  canvas.width = job.width;
  canvas.height = job.height;
  const context = canvas.getContext("2d", { alpha: false });
  const clips = await Promise.all(job.clips.map(load));
  const mix = new MediaStreamAudioDestinationNode(audio);
  const sources = [];
  for (const { kind, media } of clips) {
    if (kind === "video") {
      media.muted = true;
    } else {
      const source = new MediaElementAudioSourceNode(audio, {
        mediaElement: media,
      });
      source.connect(mix);
      sources.push(source);
    }
  }
  const layers = clips
    .flatMap(({ media, showings }) =>
      showings.map((showing) => ({ media, showing }))
    )
    .sort((a, b) => a.showing.z - b.showing.z);
  const draw = (now) => {
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const { media, showing } of layers) {
      if (now >= showing.from && now < showing.to) {
        paint(context, media, showing);
      }
    }
  };
  const recorder = recorderOf(job, mix);
  const chunks = [];
  recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
  const happens = (name) =>
    new Promise((resolve, reject) => {
      recorder.addEventListener(name, resolve, { once: true });
      recorder.addEventListener("error", ({ error }) => reject(error), {
        once: true,
      });
    });
  const stopped = happens("stop");
  // It says that it has started when there is a frame: the loop makes one.
  recorder.start(1000);
  const start = performance.now();
  let told = 0;
  for (;;) {
    const now = (performance.now() - start) / 1000;
    if (now >= job.seconds) break;
    follow(clips, now);
    draw(now);
    if (now - told >= Math.min(1, job.seconds / 10)) {
      told = now;
      progress.value = now / job.seconds;
      fetch(`${job.url}&seconds=${now}`, { method: "POST" }).catch(() => {});
    }
    await sleep(1000 / FRAMES_PER_SECOND);
  }
  recorder.stop();
  await stopped;
  for (const source of sources) source.disconnect();
  for (const { media } of clips) {
    media.pause();
    media.removeAttribute("src");
    media.load();
  }
  for (const track of recorder.stream.getTracks()) track.stop();
  return new Blob(chunks, { type: recorder.mimeType });
}

function note(text) {
  const item = document.createElement("li");
  item.textContent = text;
  byId("done").prepend(item);
}

async function make(job) {
  say(`Rendering ${job.sid}, ${Math.ceil(job.seconds)} s`);
  canvas.hidden = progress.hidden = false;
  progress.value = 0;
  try {
    const file = await render(job);
    say(`Sending ${job.sid}`);
    const { ok, status } = await fetch(job.url, { method: "PUT", body: file });
    note(ok ? `${job.sid} is completed` : `${job.sid}: refused (${status})`);
  } catch (error) {
    note(`${job.sid} failed: ${error.message}`);
    const reason = encodeURIComponent(error.message);
    await fetch(`${job.url}&reason=${reason}`, { method: "DELETE" });
  } finally {
    canvas.hidden = progress.hidden = true;
  }
}

await sound();
for (;;) {
  try {
    const response = await fetch("compose", { method: "POST" });
    if (response.status === 200) {
      await make(await response.json());
      continue;
    }
    say(response.ok ? "Nothing waits" : `Refused (${response.status})`);
  } catch {
    say("The emulator does not answer. Trying again…");
  }
  await sleep(ASK_MS);
}
