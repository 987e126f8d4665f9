// Runs in both pages of the join row before their own scripts: notes when a
// button is pressed, and when the first frame of a remote video is presented.
globalThis.pressedAt = null;
globalThis.firstFrameAt = null;

addEventListener("click", ({ target }) => {
  if (target.closest("button")) {
    globalThis.pressedAt ??= performance.now();
  }
}, { capture: true });

const seen = new WeakSet();

new MutationObserver(() => {
  for (
    const video of document.querySelectorAll("#remote-media-container video")
  ) {
    if (seen.has(video)) continue;
    seen.add(video);
    video.requestVideoFrameCallback(() => {
      globalThis.firstFrameAt ??= performance.now();
    });
  }
}).observe(document, { childList: true, subtree: true });
