// Runs in the page before everything else (see known_media.ts). The camera is a
// canvas of one colour and the microphone a tone, so that a test can tell whose
// picture and sound arrive; every peer connection is kept to be asked for its
// statistics. WebRTC itself, the SDK and the network are untouched.
globalThis.installKnownMedia = ({ colour, hertz, portrait }) => {
  // A proxy and not a subclass: the SDK copies the methods it finds on the prototype.
  const keepAll = (name) => {
    const made = [];
    globalThis[name] = new Proxy(globalThis[name], {
      construct(target, args) {
        const one = Reflect.construct(target, args);
        made.push(one);
        return one;
      },
    });
    return made;
  };
  const connections = keepAll("RTCPeerConnection");
  const sockets = keepAll("WebSocket");

  /** Somebody without a face, so that pictures of the app show people and nobody. */
  function paintPortrait(context) {
    const shape = (fill, draw) => {
      context.fillStyle = fill;
      context.beginPath();
      draw();
      context.fill();
    };
    const disc = (x, y, r) => context.arc(x, y, r, 0, 2 * Math.PI);
    for (const r of [150, 100, 60]) {
      shape("rgb(233 184 114 / 12%)", () => disc(110, 130, r));
    }
    shape("#e9b872", () => context.roundRect(80, 110, 60, 40, 6));
    shape(
      portrait,
      () => context.ellipse(320, 520, 210, 200, 0, 0, 2 * Math.PI),
    );
    shape(
      "#2a2230",
      () => context.ellipse(320, 205, 102, 122, 0, 0, 2 * Math.PI),
    );
    shape("#a56f52", () => context.roundRect(285, 280, 70, 80, 20));
    shape(
      "#b07a5c",
      () => context.ellipse(320, 230, 80, 105, 0, 0, 2 * Math.PI),
    );
    shape(
      "#2a2230",
      () => context.ellipse(320, 138, 86, 42, 0, 0, 2 * Math.PI),
    );
  }

  function videoTrack() {
    const canvas = document.createElement("canvas");
    canvas.width = 640;
    canvas.height = 480;
    const context = canvas.getContext("2d");
    let frame = 0;
    const paint = () => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 640, 480);
      if (portrait) paintPortrait(context);
      // Something has to move, or the encoder sends next to nothing.
      context.fillStyle = portrait ? colour : "#000";
      context.fillRect((frame++ * 8) % 640, 460, 20, 20);
    };
    paint();
    const [track] = canvas.captureStream(15).getVideoTracks();
    const timer = setInterval(paint, 66);
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(timer);
      stop();
    };
    return track;
  }

  function audioTrack() {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const out = audio.createMediaStreamDestination();
    tone.frequency.value = hertz;
    tone.connect(out);
    tone.start();
    return out.stream.getAudioTracks()[0];
  }

  navigator.mediaDevices.getUserMedia = ({ audio, video }) =>
    Promise.resolve(
      new MediaStream([
        ...(audio ? [audioTrack()] : []),
        ...(video ? [videoTrack()] : []),
      ]),
    );

  globalThis.knownMedia = {
    /** Sums over everything received: decoded frames, samples and audio energy. */
    async received() {
      const sum = { frames: 0, samples: 0, energy: 0 };
      for (const connection of connections) {
        if (connection.connectionState === "closed") continue;
        for (const report of (await connection.getStats()).values()) {
          if (report.type !== "inbound-rtp") continue;
          sum.frames += report.framesDecoded ?? 0;
          sum.samples += report.totalSamplesReceived ?? 0;
          sum.energy += report.totalAudioEnergy ?? 0;
        }
      }
      return sum;
    },
    /** The colour in the middle of the remote picture: [red, green, blue], or null without one. */
    remoteColour() {
      const video = document.querySelector("#remote-media-container video");
      if (!video?.videoWidth) return null;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 1;
      const context = canvas.getContext("2d");
      context.drawImage(video, video.videoWidth / 2, 100, 1, 1, 0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    },
    /** The loudest frequency of the remote sound in hertz, and how loud (0 to 255). */
    async remoteTone() {
      const element = document.querySelector("#remote-media-container audio");
      if (!element?.srcObject) return null;
      const audio = new AudioContext();
      const analyser = audio.createAnalyser();
      analyser.fftSize = 8192;
      audio.createMediaStreamSource(element.srcObject).connect(analyser);
      await new Promise((resolve) => setTimeout(resolve, 400));
      const bins = new Uint8Array(analyser.frequencyBinCount);
      analyser.getByteFrequencyData(bins);
      const peak = bins.indexOf(Math.max(...bins));
      const hertz = peak * audio.sampleRate / analyser.fftSize;
      await audio.close();
      return { hertz, level: bins[peak] };
    },
    /** Cuts every open socket, as a lost network does. */
    dropSockets() {
      for (const socket of sockets) {
        if (socket.readyState === 1) socket.close(4001);
      }
    },
  };
};
