// The handle the browser tests use: `call.*` drives the SDK, and everything
// the SDK says is kept in `call.events`.

const call = globalThis.call = {
  /** @type {any} */ room: null,
  /** @type {string[]} */ events: [],
  /** @type {any[]} */ tracks: [],
  /** What arrived on data tracks. @type {string[]} */ data: [],
};

const audio = new AudioContext();

/** A camera that shows one colour. */
function colourTrack(colour, fps = 20) {
  const canvas = Object.assign(document.createElement("canvas"), {
    width: 320,
    height: 240,
  });
  const context = canvas.getContext("2d");
  let frame = 0;
  const paint = () => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 320, 240);
    // A still canvas sends no frames.
    context.fillStyle = frame++ % 2 ? "#000" : "#fff";
    context.fillRect(0, 0, 4, 4);
  };
  paint();
  const timer = setInterval(() => {
    if (track.readyState === "ended") clearInterval(timer);
    else paint();
  }, 1000 / fps);
  const [track] = canvas.captureStream(fps).getVideoTracks();
  return track;
}

/** A microphone that hears one tone. */
function toneTrack(hertz) {
  const oscillator = new OscillatorNode(audio, { frequency: hertz });
  const destination = new MediaStreamAudioDestinationNode(audio);
  oscillator.connect(destination);
  oscillator.start();
  return destination.stream.getAudioTracks()[0];
}

/** Joins. `media`: "fake" (the browser's devices), "none", or {colour, hertz}. */
call.join = async (token, options, media) => {
  call.events = [];
  call.data = [];
  call.tracks = [];
  if (media === "fake") {
    call.tracks = await Video.createLocalTracks({ audio: true, video: true });
  } else if (media !== "none") {
    if (media.hertz) {
      call.tracks.push(
        new Video.LocalAudioTrack(toneTrack(media.hertz), { name: "tone" }),
      );
    }
    if (media.colour) {
      call.tracks.push(
        new Video.LocalVideoTrack(colourTrack(media.colour, media.fps), {
          name: "colour",
        }),
      );
    }
    if (media.data) {
      call.tracks.push(new Video.LocalDataTrack({ name: "data" }));
    }
  }
  try {
    call.room = await Video.connect(token, { tracks: call.tracks, ...options });
  } catch (error) {
    return { error: { code: error.code, message: error.message } };
  }
  watch(call.room);
  const { sid, name, localParticipant } = call.room;
  return { sid, name, participant: localParticipant.sid };
};

function watch(room) {
  const note = (text) => call.events.push(text);
  const watchParticipant = (participant) => {
    const of = participant.identity;
    participant.on("trackSubscribed", (track) => {
      note(`trackSubscribed ${of} ${track.kind}`);
      if (track.kind === "data") {
        track.on("message", (message) => call.data.push(`${of}: ${message}`));
      } else {
        const element = track.attach();
        element.dataset.of = `${of} ${track.name}`;
        document.body.append(element);
      }
    });
    participant.on("trackUnsubscribed", (track) => {
      note(`trackUnsubscribed ${of} ${track.kind}`);
      if (track.kind !== "data") track.detach().forEach((el) => el.remove());
    });
    for (
      const event of [
        "trackPublished",
        "trackUnpublished",
        "trackDisabled",
        "trackEnabled",
      ]
    ) {
      participant.on(event, ({ kind }) => note(`${event} ${of} ${kind}`));
    }
    // Of media signalling, for rooms that ask for it.
    participant.on("trackSwitchedOff", ({ kind }) => note(`${kind} is off`));
    participant.on("trackSwitchedOn", ({ kind }) => note(`${kind} is on`));
    watchQuality(participant);
  };
  const watchQuality = (participant) =>
    participant.on("networkQualityLevelChanged", (level, stats) => {
      const video = stats ? ` video ${stats.video.send}` : "";
      note(`quality of ${participant.identity} ${level}${video}`);
    });
  watchQuality(room.localParticipant);
  room.on(
    "dominantSpeakerChanged",
    (participant) => note(`speaker ${participant?.identity ?? "nobody"}`),
  );
  room.participants.forEach(watchParticipant);
  room.on("participantConnected", (participant) => {
    note(`participantConnected ${participant.identity}`);
    watchParticipant(participant);
  });
  for (
    const event of [
      "participantDisconnected",
      "participantReconnecting",
      "participantReconnected",
    ]
  ) {
    room.on(event, ({ identity }) => note(`${event} ${identity}`));
  }
  room.on("reconnecting", (error) => note(`reconnecting ${error.code}`));
  room.on("reconnected", () => note("reconnected"));
  room.on(
    "disconnected",
    (_room, error) =>
      note(`disconnected ${error ? error.code : "without error"}`),
  );
}

/** Who is here, and which of their tracks play. */
call.remotes = () =>
  [...(call.room?.participants.values() ?? [])].map((participant) => ({
    sid: participant.sid,
    identity: participant.identity,
    state: participant.state,
    tracks: [...participant.tracks.values()].map(
      ({ kind, isSubscribed, isTrackEnabled }) =>
        `${kind}${isSubscribed ? "" : " unsubscribed"}${
          isTrackEnabled ? "" : " off"
        }`,
    ).sort(),
  }));

/** The middle pixel of somebody's video, as [r, g, b]; null before the first frame. */
call.pixel = (of) => {
  const video = element("video", of);
  if (!video?.videoWidth) return null;
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d");
  context.drawImage(
    video,
    video.videoWidth / 2,
    video.videoHeight / 2,
    1,
    1,
    0,
    0,
    1,
    1,
  );
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
};

/** Loudest frequency of somebody's audio in hertz, and how loud it is in decibels. */
call.tone = async (of) => {
  const stream = element("audio", of)?.srcObject;
  if (!stream) return null;
  await audio.resume();
  const source = new MediaStreamAudioSourceNode(audio, { mediaStream: stream });
  const analyser = new AnalyserNode(audio, { fftSize: 8192 });
  source.connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  source.disconnect();
  const loudest = bins.indexOf(Math.max(...bins));
  return {
    hertz: loudest * audio.sampleRate / analyser.fftSize,
    decibels: bins[loudest],
  };
};

function element(tag, of) {
  return [...document.querySelectorAll(tag)].find(({ dataset }) =>
    dataset.of?.startsWith(`${of} `)
  );
}

/** Frames decoded and audio energy received since the page was loaded, over all peer connections. */
call.received = async () => {
  let framesDecoded = 0;
  let audioEnergy = 0;
  for (const pc of call.peerConnections) {
    if (pc.signalingState === "closed") continue;
    for (const entry of (await pc.getStats()).values()) {
      if (entry.type !== "inbound-rtp") continue;
      framesDecoded += entry.framesDecoded ?? 0;
      audioEnergy += entry.totalAudioEnergy ?? 0;
    }
  }
  return { framesDecoded, audioEnergy };
};

// The SDK keeps its peer connections to itself: note each one that is used.
// (A subclass would not do: the SDK copies the properties of the prototype.)
call.peerConnections = new Set();
const { setLocalDescription } = RTCPeerConnection.prototype;
RTCPeerConnection.prototype.setLocalDescription = function (...args) {
  call.peerConnections.add(this);
  return setLocalDescription.apply(this, args);
};

call.track = (kind) => call.tracks.find((track) => track.kind === kind);

call.publish = async (media) => {
  const track = media.colour
    ? new Video.LocalVideoTrack(colourTrack(media.colour, media.fps), {
      name: media.name ?? "colour",
    })
    : media.hertz
    ? new Video.LocalAudioTrack(toneTrack(media.hertz), {
      name: media.name ?? "tone",
    })
    : new Video.LocalDataTrack({ name: media.name ?? "data" });
  try {
    const { trackSid } = await call.room.localParticipant.publishTrack(track);
    call.tracks.push(track);
    return trackSid;
  } catch (error) {
    return { error: error.code };
  }
};

call.unpublish = (kind) => {
  const track = call.track(kind);
  call.tracks = call.tracks.filter((other) => other !== track);
  call.room.localParticipant.unpublishTrack(track);
};
