/**
 * What tests and developers can say of the media, since no cloud measures it.
 *
 * @module
 */

/** A network quality level from 0, broken, to 5, excellent. */
export interface NetworkQuality {
  readonly level: number;
  /** Levels of audio alone; default: {@link level}. */
  readonly audio?: { readonly send: number; readonly recv: number };
  /** Levels of video alone; default: {@link level}. */
  readonly video?: { readonly send: number; readonly recv: number };
}

/** The media signalling that an emulator sends; see `EmulatorOptions.mediaSignaling`. */
export interface MediaControls {
  /**
   * Says how good somebody's network is. They learn it within two seconds, as
   * do the others in the room. `null` is as good as can be, the default.
   */
  setNetworkQuality(identity: string, quality: NetworkQuality | null): void;
  /**
   * Says who speaks in a room, or with `null` that nobody does. `undefined`
   * leaves it to the loudness of their audio, the default.
   */
  setDominantSpeaker(
    roomSid: string,
    identity: string | null | undefined,
  ): void;
  /**
   * Says that a track is switched off, or on again, as a cloud does to save
   * bandwidth. Its media flows on.
   */
  setSwitchedOff(trackSid: string, off: boolean): void;
}
