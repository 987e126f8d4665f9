/** What a participant's browser is given to enter the room: the answer of the token endpoint. */
export interface AccessView {
  /** Twilio access token. Secret: never logged, never in a URL. */
  token: string;
  room_name: string;
  session_id: string;
  /** The participant's own identity in the room: the account id. */
  identity: string;
  expires_at: string;
  /** The doctor has not started: wait for the session to be IN_PROGRESS before connecting. */
  waiting: boolean;
}
