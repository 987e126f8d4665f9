/**
 * The Insights gateway, where the SDK reports events of a call (its file
 * `util/insightspublisher/index.js`). The emulator says yes and forgets them.
 *
 * @module
 */

/** Takes over a socket of `/v1/VideoEvents`. */
export function acceptInsights(socket: WebSocket): void {
  socket.onerror = (event) => event.preventDefault();
  socket.onmessage = ({ data }) => {
    if (!isConnect(data) || socket.readyState !== WebSocket.OPEN) return;
    const session = crypto.randomUUID();
    socket.send(JSON.stringify({ type: "connected", session, version: 1 }));
  };
}

function isConnect(data: unknown): boolean {
  try {
    return JSON.parse(String(data))?.type === "connect";
  } catch {
    return false;
  }
}
