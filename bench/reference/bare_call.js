// What the join row is held against: the least page that can hold a call. The
// SDK is loaded before anybody clicks; a click opens camera and microphone,
// fetches a token from the app, connects and shows what arrives.
const { sdkPath, signalingPath, sessionId } = document.body.dataset;
const module = await import(sdkPath);
const sdk = "connect" in module ? module : module.default;
const container = document.getElementById("remote-media-container");

async function join() {
  const media = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 640 },
  });
  const answer = await fetch("/api/v1/telemedicine/token/", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ session_id: sessionId }),
  });
  const { token, room_name: name } = await answer.json();
  const room = await sdk.connect(token, {
    name,
    tracks: media.getTracks(),
    insights: false,
    wsServer: `ws://${location.host}${signalingPath}`,
  });
  addEventListener("pagehide", () => room.disconnect());
  const follow = (participant) => {
    participant.on("trackSubscribed", (track) => {
      container.append(track.attach());
    });
  };
  room.participants.forEach(follow);
  room.on("participantConnected", follow);
}

document.querySelector("button").addEventListener("click", join);
