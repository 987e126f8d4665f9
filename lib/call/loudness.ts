const QUIET_DB = -55;
const LOUD_DB = -15;
const INTERVAL_MS = 100;

/** How loud a sound is, from 0 (silence) to 1 (loud speech), by its root mean square. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 20 *
    Math.log10(Math.sqrt(sum / Math.max(1, samples.length)));
  return Math.min(1, Math.max(0, (decibels - QUIET_DB) / (LOUD_DB - QUIET_DB)));
}

/** Calls back ten times a second with how loud the track is. Returns the way to stop. */
export function measureLoudness(
  track: MediaStreamTrack,
  onLevel: (level: number) => void,
): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // Made without a click, as after a reload, a context sleeps until it may play.
    if (context.state === "suspended") void context.resume().catch(() => {});
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudness(samples));
  }, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close();
  };
}
