/**
 * The live page: what goes on in an emulator, for people who debug. An
 * extension that only watches.
 *
 * @module
 */
import type { Core, Extension } from "../core.ts";
import { servePageFile } from "../page_file.ts";
import { EventStream } from "./event_stream.ts";
import { Journal } from "./journal.ts";
import { viewCallback, viewFrame, viewRoom } from "./view.ts";

/** Callbacks, and messages, that the page shows. */
const MAX_ENTRIES = 200;

/** Rooms that the page shows; those in progress come first. */
const MAX_ROOMS = 50;

/** Changes of rooms within this time are shown together. */
const SETTLE_MS = 100;

/** Files of the page, by path below the mount. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["page.html", "text/html"],
  "/monitor/page.css": ["page.css", "text/css"],
  "/monitor/page.js": ["page.js", "text/javascript"],
};

/** Plugs the live page into the parts of an emulator. */
export function plugMonitor(core: Core): void {
  const { rooms, settings, timers } = core;
  const stream = new EventStream(timers);
  const callbacks = new Journal<ReturnType<typeof viewCallback>>(MAX_ENTRIES);
  const messages = new Journal<NonNullable<ReturnType<typeof viewFrame>>>(
    MAX_ENTRIES,
  );
  const viewRooms = () => {
    const all = rooms.list();
    const running = all.filter(({ status }) => status === "in-progress");
    const ended = all.filter(({ status }) => status !== "in-progress");
    return [...running, ...ended].slice(0, MAX_ROOMS).map(viewRoom);
  };
  let isPlanned = false;
  const extension: Extension = {
    onRoomEvent: () => {
      if (isPlanned || !stream.isHeard) return;
      isPlanned = true;
      timers.after(SETTLE_MS, () => {
        isPlanned = false;
        stream.send("rooms", viewRooms());
      });
    },
    onCallback: (report) => {
      const view = viewCallback(report);
      callbacks.add(view);
      stream.send("callback", view);
    },
    onFrame: (frame) => {
      const view = viewFrame(frame, settings.now());
      if (!view) return;
      messages.add(view);
      stream.send("message", view);
    },
    answer: (request, path) => {
      if (request.method !== "GET") return null;
      if (path === "/monitor/events") {
        return stream.open("everything", {
          rooms: viewRooms(),
          callbacks: callbacks.entries,
          messages: messages.entries,
          ...(settings.renderGrids ? { rendersGrids: true } : {}),
        });
      }
      const [file, type] = FILES[path] ?? [];
      return file && type
        ? servePageFile(new URL(file, import.meta.url), type)
        : null;
    },
    close: () => stream.close(),
  };
  core.plug(extension);
}
