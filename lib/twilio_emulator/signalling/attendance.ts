/**
 * Who is in which room, as clients see it: lets them in, keeps their sessions
 * over lost sockets, and turns what happens in rooms into messages.
 *
 * @module
 */
import type { AccessTokenClaims } from "../access_token.ts";
import { TwilioFault } from "../errors.ts";
import { type MediaEndpoint, NO_MEDIA } from "../media/endpoint.ts";
import type { LeaveReason, RoomEvent } from "../rooms/events.ts";
import type { Participant, Room } from "../rooms/records.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Settings } from "../settings.ts";
import type { Timers } from "../timers.ts";
import { Channel } from "./channel.ts";
import { Client } from "./client.ts";
import type { Connection } from "./connection.ts";
import { roomFor } from "./entrance.ts";
import { errorMessage, farewell } from "./farewell.ts";
import { connectedMessage, syncedMessage } from "./greetings.ts";
import type { ClientMessageOf, ServerMessage } from "./messages.ts";
import { Sessions } from "./sessions.ts";

/** The clients of an emulator and their rooms. */
export class Attendance {
  readonly #settings: Settings;
  readonly #timers: Timers;
  readonly #rooms: Rooms;
  readonly #channels = new Map<Room, Channel>();
  readonly #sessions = new Sessions();
  /** The server's own part in the media; set before anybody connects. */
  media: MediaEndpoint = NO_MEDIA;

  constructor(settings: Settings, timers: Timers, rooms: Rooms) {
    this.#settings = settings;
    this.#timers = timers;
    this.#rooms = rooms;
  }

  /** The participant who uses a socket. */
  who(connection: Connection): Participant | null {
    return this.#sessions.of(connection)?.participant ?? null;
  }

  /** Passes on what happened in a room, whatever caused it. */
  onEvent(event: RoomEvent): void {
    const channel = this.#channels.get(event.room);
    switch (event.type) {
      case "participant-disconnected":
        this.#end(event.participant, event.reason);
        return;
      case "subscribe-rules-changed": {
        const client = this.#sessions.ofParticipant(event.participant);
        if (client) channel?.tellSubscriptions(client);
        return;
      }
      case "recording-rules-changed":
        channel?.tellRecording();
        return;
      case "room-ended":
        channel?.close();
        this.#channels.delete(event.room);
        return;
    }
  }

  /**
   * Lets somebody in.
   *
   * @throws {TwilioFault} why it cannot be.
   */
  connect(
    connection: Connection,
    claims: AccessTokenClaims,
    message: ClientMessageOf<"connect">,
  ): void {
    const room = roomFor(
      this.#rooms,
      claims,
      message.name || null,
      this.#settings,
    );
    const { tracks } = message.participant;
    if (room.options.audioOnly && tracks.some(({ kind }) => kind === "video")) {
      throw new TwilioFault(53125);
    }
    const participant = this.#rooms.join(
      room,
      claims.identity,
      message.subscribe?.rules,
    );
    const client = new Client(participant, connection);
    this.#sessions.add(client, connection);
    client.seen = message.participant.revision;
    client.refused = this.#rooms.setTracks(participant, tracks);
    const others = this.#channel(room).add(client);
    const media = this.media.connect(
      client,
      Object.keys(message.media_signaling),
    );
    this.#settings.log(
      `${claims.identity} joined ${room.sid} as ${participant.sid}`,
    );
    client.send(connectedMessage(
      client,
      message.peer_connections.map(({ id }) => id),
      others,
      media,
      this.#settings,
    ));
  }

  /**
   * Gives a session whose socket was lost another one.
   *
   * @throws {TwilioFault} 53001 when there is no such session; 53204 when it
   * is somebody else's.
   */
  sync(
    connection: Connection,
    claims: AccessTokenClaims,
    message: ClientMessageOf<"sync">,
  ): void {
    const client = this.#sessions.withSecret(message.session);
    if (!client) {
      const reason = this.#sessions.endOf(message.session);
      // Not a session of this server, or one of a server that was restarted.
      if (!reason) throw new TwilioFault(53001);
      this.dismiss(
        connection,
        farewell(reason) ?? errorMessage(new TwilioFault(53204)),
      );
      return;
    }
    const { participant } = client;
    const { room } = participant;
    const isSamePerson = claims.identity === participant.identity &&
      claims.accountSid === room.accountSid;
    if (!isSamePerson) throw new TwilioFault(53204);

    this.#sessions.resume(client, connection);
    this.#rooms.setReconnecting(participant, false);
    const channel = this.#channel(room);
    const others = channel.resume(client);
    const media = this.media.resume(client);
    client.send(syncedMessage(client, others, media));
    this.#settings.log(`${participant.identity} resumed in ${room.sid}`);
    const changed = this.#updateTracks(client, message.participant);
    if (!changed) channel.tellOthers(client);
    channel.relay(client, message.peer_connections);
    this.media.receive(client, message.peer_connections);
  }

  /** Takes in what a client says of its tracks and peer connections. */
  update(connection: Connection, message: ClientMessageOf<"update">): void {
    const client = this.#sessions.of(connection);
    // A session that has ended still has updates on their way.
    if (client?.session !== message.session) return;
    if (message.participant) this.#updateTracks(client, message.participant);
    this.#channels.get(client.participant.room)
      ?.relay(client, message.peer_connections);
    this.media.receive(client, message.peer_connections);
  }

  /** Takes out somebody who wants to go, or has to. */
  leave(participant: Participant): void {
    this.#rooms.leave(participant, "left");
  }

  /** Starts the session timeout of whoever used the socket. */
  lost(connection: Connection): void {
    const client = this.#sessions.of(connection);
    if (!client) return;
    this.#sessions.detach(connection);
    client.connection = null;
    const { participant } = client;
    const { sessionTimeoutSeconds, log } = this.#settings;
    log(
      `${participant.identity} lost the connection to ${participant.room.sid}`,
    );
    this.#rooms.setReconnecting(participant, true);
    this.#channels.get(participant.room)?.tellOthers(client);
    client.stopTimeout = this.#timers.after(
      sessionTimeoutSeconds * 1000,
      () => this.#rooms.leave(participant, "timed-out"),
    );
  }

  /** Says a last word to a socket and leaves it to the client to close it. */
  dismiss(connection: Connection, lastWord: ServerMessage | null): void {
    if (lastWord) connection.send(lastWord);
    this.#sessions.detach(connection);
    connection.release();
  }

  /** Takes in a client's tracks; `false` when that state was known already. */
  #updateTracks(
    client: Client,
    { revision, tracks }: ClientMessageOf<"connect">["participant"],
  ): boolean {
    if (revision <= client.seen) return false;
    client.seen = revision;
    client.refused = this.#rooms.setTracks(client.participant, tracks);
    client.send({
      type: "update",
      version: 2,
      published: client.published(),
    });
    this.#channels.get(client.participant.room)?.tellOthers(client);
    return true;
  }

  /** Ends the session of somebody who is no longer in the room. */
  #end(participant: Participant, reason: LeaveReason): void {
    const client = this.#sessions.ofParticipant(participant);
    if (!client) return;
    this.#settings.log(
      `${participant.identity} left ${participant.room.sid}: ${reason}`,
    );
    this.#sessions.end(client, reason);
    const { connection } = client;
    client.connection = null;
    if (connection) this.dismiss(connection, farewell(reason));
    this.media.remove(client);
    this.#channels.get(participant.room)
      ?.remove(client, reason === "completed");
  }

  #channel(room: Room): Channel {
    const channel = this.#channels.get(room) ?? new Channel(this.#timers, room);
    this.#channels.set(room, channel);
    return channel;
  }
}
