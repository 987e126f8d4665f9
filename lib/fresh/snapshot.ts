import type { MaybeLazy } from "./types.ts";

/** A script the browser loads, and the scripts it imports. */
export interface ClientScript {
  /** The address of the script. */
  readonly url: string;
  /** The addresses of what it imports, directly or not. */
  readonly imports: readonly string[];
}

/** An island: a component that also runs in the browser. */
export interface Island {
  /** The script that holds the component. */
  readonly script: ClientScript;
  /** The name the script exports it under. */
  readonly exportName: string;
}

/** How the content of a static file may be stored ahead of time. */
export type Encoding = "br" | "gzip";

/** A file served as it is. */
export interface StaticFile {
  /** Its media type. */
  readonly type: string;
  /** The SHA-256 of its content, in hex. */
  readonly hash: string;
  /** The encodings it is also stored in. */
  readonly encodings: readonly Encoding[];
  /** Reads the content, in an encoding or as it is. */
  read(encoding: Encoding | null): Promise<Uint8Array<ArrayBuffer>>;
}

/** A module below the routes folder. */
export interface RouteFile {
  /** Its path inside the folder without extension, such as `/visits/[id]/index`. */
  readonly path: string;
  /** The module, or a function that imports it. */
  readonly module: MaybeLazy<Record<string, unknown>>;
}

/** What a build hands to the app: all it needs to serve pages, islands and files. */
export interface Snapshot {
  /** Changes whenever anything the browser may cache changes. */
  readonly buildId: string;
  /** See `FreshConfig.mode`. */
  readonly mode: "development" | "production";
  /** The script that brings islands to life; null when there are no islands. */
  readonly boot: ClientScript | null;
  /** The islands by component. */
  readonly islands: ReadonlyMap<unknown, Island>;
  /** The files of the routes folder, in the order they are registered. */
  readonly routes: readonly RouteFile[];
  /** The static files by URL path. */
  readonly files: ReadonlyMap<string, StaticFile>;
  /** A script that reloads the page when the server changes; null outside development. */
  readonly reloadScript: string | null;
}
