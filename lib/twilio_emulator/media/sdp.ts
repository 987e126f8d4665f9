/**
 * Session descriptions between the SDK and a peer connection of the server.
 *
 * `werift` does ICE, DTLS and SRTP, and is negotiated exactly once per
 * connection: its renegotiation is too fragile for an SDK that offers anew at
 * each publish. What the SDK offers is therefore read here, and answered by
 * hand.
 *
 * @module
 */

/** One `m=` section of an offer. */
export interface Section {
  readonly kind: "audio" | "video" | "application";
  readonly mid: string;
  /** Whether the SDK would send. */
  readonly sends: boolean;
  /** The publisher's id of its track; `null` when it sends none. */
  readonly trackId: string | null;
  /** Streams of packets it may send, without retransmissions. */
  readonly ssrcs: readonly number[];
  readonly lines: readonly string[];
}

/** An offer of the SDK, as far as it matters. */
export interface Offer {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly candidates: readonly string[];
  readonly sections: readonly Section[];
}

/** One end of a transport, as werift describes its own. */
export interface LocalTransport {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly setup: string;
  readonly candidates: readonly string[];
}

/** The one codec per kind that is accepted, so nothing else is ever sent. */
const CODECS = { audio: "opus/48000", video: "VP8/90000" } as const;

const MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid";
/** A level of loudness in each packet (RFC 6464). */
const LEVEL_EXTENSION = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

/**
 * Reads an offer.
 *
 * @throws {TypeError} when it has no transport.
 */
export function parseOffer(sdp: string): Offer {
  const [head = [], ...sections] = split(sdp);
  const all = sdp.split(/\r?\n/);
  const value = (name: string) => {
    const found = attribute(head, name) ?? attribute(all, name);
    if (found === null) throw new TypeError(`an offer without ${name}`);
    return found;
  };
  return {
    ufrag: value("ice-ufrag"),
    pwd: value("ice-pwd"),
    fingerprint: value("fingerprint"),
    candidates: all.filter((line) => line.startsWith("a=candidate:")),
    sections: sections.map(parseSection),
  };
}

/** Reads werift's own description. */
export function parseLocal(sdp: string): LocalTransport {
  const all = sdp.split(/\r?\n/);
  const value = (name: string) => attribute(all, name) ?? "";
  return {
    ufrag: value("ice-ufrag"),
    pwd: value("ice-pwd"),
    fingerprint: value("fingerprint"),
    setup: value("setup"),
    candidates: all.filter((line) => line.startsWith("a=candidate:")),
  };
}

/** The offer werift is given instead of the SDK's: the same transport, and one section. */
export function syntheticOffer(offer: Offer): string {
  return lines([
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:${offer.ufrag}`,
    `a=ice-pwd:${offer.pwd}`,
    "a=ice-options:trickle",
    `a=fingerprint:${offer.fingerprint}`,
    "a=setup:actpass",
    "a=mid:0",
    "a=sendonly",
    "a=rtcp-mux",
    "a=rtpmap:111 opus/48000/2",
    ...offer.candidates,
  ]);
}

/** What the answer says yes to. */
export interface Acceptance {
  /** Whether the media of a section is to be sent. */
  receives(section: Section): boolean;
  /** Whether the data section that the server itself offered stays open. */
  readonly data: boolean;
}

/**
 * Answers an offer of the SDK.
 *
 * @param version Rises with each answer of a connection.
 */
export function answerTo(
  offer: Offer,
  local: LocalTransport,
  version: number,
  accepts: Acceptance,
): string {
  const bundled = offer.sections
    .filter(({ kind }) => kind !== "application" || accepts.data);
  const first = bundled[0];
  return lines([
    "v=0",
    `o=- 4711 ${version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${bundled.map(({ mid }) => mid).join(" ")}`,
    "a=msid-semantic: WMS *",
    ...offer.sections.flatMap((section) => [
      ...(section.kind === "application"
        ? dataSection(section, local, accepts.data)
        : mediaSection(section, local, accepts.receives(section))),
      ...(section === first
        ? [...local.candidates, "a=end-of-candidates"]
        : []),
    ]),
  ]);
}

function mediaSection(
  { kind, mid, sends, lines }: Section,
  local: LocalTransport,
  receives: boolean,
): string[] {
  const codec = CODECS[kind as "audio" | "video"];
  const rtpmap =
    lines.find((line) =>
      line.toLowerCase().startsWith("a=rtpmap:") &&
      line.toLowerCase().includes(` ${codec.toLowerCase()}`)
    ) ?? "";
  const payload = rtpmap.match(/^a=rtpmap:(\d+)/)?.[1] ?? "0";
  const wanted = kind === "audio"
    ? [MID_EXTENSION, LEVEL_EXTENSION]
    : [MID_EXTENSION];
  return [
    // Never port 0: that would stop the SDK's transceiver for good.
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payload}`,
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    ...transportLines(local),
    `a=mid:${mid}`,
    sends && receives && rtpmap ? "a=recvonly" : "a=inactive",
    "a=rtcp-mux",
    ...lines.filter((line) =>
      line.startsWith("a=extmap:") && wanted.some((uri) => line.endsWith(uri))
    ),
    ...(rtpmap ? [rtpmap] : []),
    ...(kind === "audio"
      ? lines.filter((line) => line.startsWith(`a=fmtp:${payload} `))
      : ["nack pli", "ccm fir", "goog-remb"]
        .map((feedback) => `a=rtcp-fb:${payload} ${feedback}`)),
  ];
}

function dataSection(
  { mid }: Section,
  local: LocalTransport,
  open: boolean,
): string[] {
  return [
    `m=application ${open ? 9 : 0} UDP/DTLS/SCTP webrtc-datachannel`,
    "c=IN IP4 0.0.0.0",
    ...(open ? transportLines(local) : ["a=inactive"]),
    `a=mid:${mid}`,
    ...(open ? ["a=sctp-port:5000", "a=max-message-size:65536"] : []),
  ];
}

function transportLines(local: LocalTransport): string[] {
  return [
    `a=ice-ufrag:${local.ufrag}`,
    `a=ice-pwd:${local.pwd}`,
    "a=ice-options:trickle",
    `a=fingerprint:${local.fingerprint}`,
    `a=setup:${local.setup}`,
  ];
}

function parseSection(lines: string[]): Section {
  const kind = lines[0]!.slice(2).split(" ")[0] as Section["kind"];
  const retransmissions = new Set(
    lines.flatMap((line) =>
      line.match(/^a=ssrc-group:FID \d+ (\d+)/)?.[1] ?? []
    ),
  );
  const ssrcs = lines.flatMap((line) => line.match(/^a=ssrc:(\d+)/)?.[1] ?? []);
  return {
    kind,
    mid: attribute(lines, "mid") ?? "",
    sends: lines.includes("a=sendrecv") || lines.includes("a=sendonly"),
    trackId: attribute(lines, "msid")?.split(" ")[1] ?? null,
    ssrcs: [...new Set(ssrcs)].filter((ssrc) => !retransmissions.has(ssrc))
      .map(Number),
    lines,
  };
}

/** The lines before the first section, then those of each. */
function split(sdp: string): string[][] {
  const groups: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith("m=")) groups.push([]);
    if (line) groups.at(-1)!.push(line);
  }
  return groups;
}

function attribute(lines: readonly string[], name: string): string | null {
  const prefix = `a=${name}:`;
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length) ??
    null;
}

function lines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

/** The number of the loudness extension in an offer's audio; `null` without. */
export function levelExtension(offer: Offer): number | null {
  for (const { kind, lines } of offer.sections) {
    if (kind !== "audio") continue;
    const line = lines.find((line) =>
      line.startsWith("a=extmap:") && line.endsWith(LEVEL_EXTENSION)
    );
    if (line) return Number(line.match(/^a=extmap:(\d+)/)![1]);
  }
  return null;
}
