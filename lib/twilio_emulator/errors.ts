/**
 * The error catalogue: numbers and titles of Twilio's "Error and Warning
 * Dictionary" (https://www.twilio.com/docs/api/errors) that this emulator
 * raises, over REST or over signalling.
 *
 * @module
 */

/**
 * Title and, for codes that are an HTTP answer, status. Codes without a
 * status of their own are validation errors: 400.
 */
const CATALOGUE = {
  20001: { message: "Invalid parameter" },
  20003: { message: "Authenticate", status: 401 },
  20004: { message: "Method not allowed", status: 405 },
  20009: { message: "Cannot delete this resource before it is complete" },
  20101: { message: "Invalid Access Token" },
  20102: { message: "Invalid Access Token header" },
  20103: { message: "Invalid Access Token issuer/subject" },
  20104: { message: "Access Token expired or expiration date invalid" },
  20105: { message: "Access Token not yet valid" },
  20106: { message: "Invalid Access Token grants" },
  20107: { message: "Invalid Access Token signature" },
  20005: { message: "Account not active", status: 403 },
  20404: { message: "The requested resource was not found", status: 404 },
  20409: { message: "Conflict", status: 409 },
  20429: { message: "Too Many Requests", status: 429 },
  20500: { message: "Internal server error", status: 500 },
  20503: {
    message: "Service is unavailable. Please try again",
    status: 503,
  },
  21481: { message: "Invalid PageToken" },
  53001: { message: "Signaling connection disconnected" },
  53004: { message: "The client sent an invalid signaling message" },
  53100: { message: "Room name is invalid" },
  53101: { message: "Room name is too long" },
  53102: { message: "Room name contains invalid characters" },
  53105: { message: "Room contains too many Participants" },
  53106: { message: "Room not found" },
  53107: { message: "MaxParticipants is out of range" },
  53108: { message: "RoomType is not valid" },
  53109: { message: "Timeout is out of range" },
  53110: { message: "StatusCallbackMethod is invalid" },
  53111: { message: "StatusCallback is invalid" },
  53112: { message: "Status is invalid" },
  53113: { message: "Room exists" },
  53115: { message: "MediaRegion is invalid" },
  53118: { message: "Room completed" },
  53119: { message: "The concurrent Rooms quota was exceeded", status: 429 },
  53120: { message: "Invalid Recording Rule(s)" },
  53123: { message: "MaxParticipantDuration is out of range" },
  53125: { message: "The track kind is not supported by the Room" },
  53126: { message: "Legacy room type no longer supported" },
  53200: { message: "Participant identity is invalid" },
  53201: { message: "Participant identity is too long" },
  53203: { message: "The maximum number of published tracks was reached" },
  53204: { message: "Participant not found" },
  53205: { message: "Participant disconnected because of duplicate identity" },
  53206: { message: "Participant concurrency quota was exceeded" },
  53207: { message: "MaxPublishedTracks is out of range" },
  53209: { message: "Participant status is invalid" },
  53215: { message: "Invalid Subscribe Rule(s)" },
  53216: { message: "Participant session length exceeded" },
  53301: { message: "Track name is invalid" },
  53302: { message: "Track name is too long" },
  53304: { message: "Track name is duplicated" },
} as const satisfies Record<number, { message: string; status?: number }>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof CATALOGUE;

/**
 * Something Twilio would refuse. REST turns it into an error body, signalling
 * into an `error` message; both carry {@link code} and the message.
 */
export class TwilioFault extends Error {
  /** Twilio's error number. */
  readonly code: ErrorCode;
  /** HTTP status when it is a REST answer. */
  readonly status: number;

  /** @param message Replaces the catalogue's title. */
  constructor(code: ErrorCode, message?: string) {
    const entry: { message: string; status?: number } = CATALOGUE[code];
    super(message ?? entry.message);
    this.name = "TwilioFault";
    this.code = code;
    this.status = entry.status ?? 400;
  }
}

/** The page that explains a code, as Twilio puts it in `more_info`. */
export function moreInfo(code: number): string {
  return `https://www.twilio.com/docs/errors/${code}`;
}
