/** Plays a short two-tone chime, to hear whether the sound works. */
export function playChime(): void {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.connect(context.destination);
  gain.gain.setValueAtTime(0.2, context.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 1);
  [[523, 0], [659, 0.25]].forEach(([frequency, at]) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency!;
    tone.connect(gain);
    tone.start(context.currentTime + at!);
    tone.stop(context.currentTime + 1);
  });
  setTimeout(() => void context.close(), 1500);
}
