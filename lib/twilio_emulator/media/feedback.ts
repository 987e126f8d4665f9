/**
 * What a receiver must tell a browser so that it goes on sending well: reports,
 * an estimate of the bandwidth, requests for key frames.
 *
 * @module
 */
import type { RtcpPacket } from "werift";
import type { Werift } from "./werift.ts";

/** Bandwidth that is offered to one participant, in bits per second. */
const BITRATE = 1_500_000;

/** The sender of all feedback. */
const OWN_SSRC = 1;

/** What is known of one stream. */
export interface StreamState {
  readonly ssrc: number;
  /** Highest sequence number, unwrapped. */
  highest: number;
  /** Middle 32 bits of the last sender report's time, and when it came. */
  report: { readonly ntp: number; readonly at: number } | null;
}

/** One report on all streams, with the estimate. */
export function reports(
  werift: Werift,
  streams: readonly StreamState[],
  now: number,
): RtcpPacket[] {
  // 18 bits of mantissa: shift until it fits.
  let mantissa = BITRATE;
  let exponent = 0;
  while (mantissa >= 2 ** 18) {
    mantissa >>= 1;
    exponent++;
  }
  return [
    new werift.RtcpRrPacket({
      ssrc: OWN_SSRC,
      reports: streams.map(({ ssrc, highest, report }) =>
        new werift.RtcpReceiverInfo({
          ssrc,
          fractionLost: 0,
          packetsLost: 0,
          highestSequence: highest >>> 0,
          jitter: 0,
          lsr: report?.ntp ?? 0,
          // In units of 1/65536 s.
          dlsr: report
            ? Math.round((now - report.at) / 1000 * 65_536) >>> 0
            : 0,
        })
      ),
    }),
    new werift.RtcpPayloadSpecificFeedback({
      feedback: new werift.ReceiverEstimatedMaxBitrate({
        senderSsrc: OWN_SSRC,
        mediaSsrc: 0,
        ssrcNum: streams.length,
        brExp: exponent,
        brMantissa: mantissa,
        ssrcFeedbacks: streams.map(({ ssrc }) => ssrc),
      }),
    }),
  ];
}

/** Asks for a frame that can be decoded by itself. */
export function keyFrameRequest(werift: Werift, ssrc: number): RtcpPacket {
  return new werift.RtcpPayloadSpecificFeedback({
    feedback: new werift.PictureLossIndication({
      senderSsrc: OWN_SSRC,
      mediaSsrc: ssrc,
    }),
  });
}
