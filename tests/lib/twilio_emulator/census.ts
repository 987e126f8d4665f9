/**
 * What an emulator in this process holds on to: memory after a collection,
 * living objects of its classes, pending timers.
 *
 * @module
 */
import { Channel } from "@/lib/twilio_emulator/signalling/channel.ts";
import { Client } from "@/lib/twilio_emulator/signalling/client.ts";
import { Connection } from "@/lib/twilio_emulator/signalling/connection.ts";
import { Mesh } from "@/lib/twilio_emulator/signalling/mesh.ts";
import { type Schedule, schedule } from "@/lib/twilio_emulator/timers.ts";
import { Session } from "node:inspector/promises";

/** What an emulator holds on to. */
export interface Census {
  /** Bytes of the process. */
  readonly rss: number;
  /** Bytes of what is reachable from JavaScript. */
  readonly heap: number;
  /** Bytes of buffers outside the heap. */
  readonly external: number;
  /** Signalling sockets that are open, or that something still refers to. */
  readonly sockets: number;
  /** Sessions of the signalling, the same way. */
  readonly sessions: number;
  /** Rooms that have signalling. */
  readonly channels: number;
  /** Peer connections between two participants. */
  readonly pairs: number;
  /** Timers that will still run. */
  readonly timers: number;
}

/** Where the classes are put for the debugger to find them. */
const KEY = "__census";
const CLASSES = { Channel, Client, Connection, Mesh };

/** A value of this process, as the debugger names it. */
interface Remote {
  readonly objectId: string;
}

/** A property, as the debugger shows it. */
interface Property {
  readonly name: string;
  readonly value?: Remote;
}

/** Counts what is alive; asks V8's debugger, because the emulator keeps it to itself. */
export class CensusTaker implements Disposable {
  /** For the emulator's option `schedule`: real time, counted. */
  readonly schedule: Schedule;
  readonly #session = new Session();
  #timers = 0;

  constructor() {
    this.schedule = (ms, task) => {
      this.#timers++;
      // A timer may be called off after it has run.
      let pending = true;
      const end = () => {
        if (pending) this.#timers--;
        pending = false;
      };
      const stop = schedule(ms, () => {
        end();
        task();
      });
      return () => {
        end();
        stop();
      };
    };
    Object.assign(globalThis, { [KEY]: CLASSES });
    this.#session.connect();
  }

  /** Collects garbage and counts. */
  async take(): Promise<Census> {
    const counts = {
      sockets: (await this.#living("Connection")).length,
      sessions: (await this.#living("Client")).length,
      channels: (await this.#living("Channel")).length,
      pairs: 0,
      timers: this.#timers,
    };
    for (const mesh of await this.#living("Mesh")) {
      counts.pairs += await this.#sizeOf(mesh, "#pairs");
    }
    await this.#ask("Runtime.releaseObjectGroup", {});
    (globalThis as { gc?: () => void }).gc?.();
    const { rss, heapUsed, external } = Deno.memoryUsage();
    return { rss, heap: heapUsed, external, ...counts };
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
    Reflect.deleteProperty(globalThis, KEY);
  }

  /** Objects of a class that a collection leaves alive. */
  async #living(name: keyof typeof CLASSES): Promise<Remote[]> {
    const { result: prototype } = await this.#ask<{ result: Remote }>(
      "Runtime.evaluate",
      { expression: `${KEY}.${name}.prototype` },
    );
    const { objects } = await this.#ask<{ objects: Remote }>(
      "Runtime.queryObjects",
      { prototypeObjectId: prototype.objectId },
    );
    const { result } = await this.#properties(objects);
    return result.flatMap(({ name, value }) =>
      /^\d+$/.test(name) && value ? [value] : []
    );
  }

  /** Size of a private map or set. */
  async #sizeOf(object: Remote, field: string): Promise<number> {
    const { privateProperties } = await this.#properties(object);
    const found = privateProperties?.find(({ name }) => name === field);
    if (!found?.value) throw new Error(`there is no ${field}`);
    const { result } = await this.#ask<{ result: { value: number } }>(
      "Runtime.callFunctionOn",
      {
        objectId: found.value.objectId,
        functionDeclaration: "function () { return this.size; }",
      },
    );
    return result.value;
  }

  #properties({ objectId }: Remote) {
    return this.#ask<{ result: Property[]; privateProperties?: Property[] }>(
      "Runtime.getProperties",
      { objectId, ownProperties: true },
    );
  }

  /** A call of V8's inspector protocol, whose answers Node does not type. */
  async #ask<T>(method: string, parameters: object): Promise<T> {
    const post = this.#session.post.bind(this.#session) as (
      method: string,
      parameters: object,
    ) => Promise<unknown>;
    return await post(method, { objectGroup: KEY, ...parameters }) as T;
  }
}
