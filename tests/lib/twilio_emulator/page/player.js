// Plays a media file as a user's browser does, and tells what it shows.

/** @param {string} url */
globalThis.play = async (url) => {
  const video = Object.assign(document.createElement("video"), { src: url });
  document.body.append(video);
  const happens = (name) =>
    new Promise((resolve, reject) => {
      video.addEventListener(name, resolve, { once: true });
      video.addEventListener("error", () => {
        reject(new Error(`${name}: ${video.error?.message}`));
      }, { once: true });
    });
  await happens("loadedmetadata");
  const { duration, videoWidth } = video;
  // The middle: a file without an index could not jump there.
  if (Number.isFinite(duration)) {
    video.currentTime = duration / 2;
    await happens("seeked");
  }
  const audio = new AudioContext();
  await audio.resume();
  const analyser = new AnalyserNode(audio, { fftSize: 8192 });
  const source = audio.createMediaElementSource(video);
  source.connect(analyser).connect(audio.destination);
  const from = video.currentTime;
  await video.play();
  await new Promise((resolve) => setTimeout(resolve, 700));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const loudest = bins.indexOf(Math.max(...bins));
  const result = {
    duration: Number.isFinite(duration) ? duration : null,
    played: video.currentTime - from,
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    pixel: videoWidth ? pixelAt(video, 1 / 2) : null,
    sides: videoWidth ? [pixelAt(video, 1 / 4), pixelAt(video, 3 / 4)] : null,
    hertz: loudest * audio.sampleRate / analyser.fftSize,
    decibels: bins[loudest],
    peaks: [...bins.keys()].filter((bin) =>
      bins[bin] > bins[loudest] - 20 && bins[bin] > bins[bin - 1] &&
      bins[bin] >= bins[bin + 1]
    ).map((bin) => bin * audio.sampleRate / analyser.fftSize),
  };
  video.pause();
  video.remove();
  await audio.close();
  return result;
};

/** The pixel at half the height and a part of the width. */
function pixelAt(video, part) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  const { videoWidth, videoHeight } = video;
  context.drawImage(
    video,
    videoWidth * part,
    videoHeight / 2,
    1,
    1,
    0,
    0,
    1,
    1,
  );
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
