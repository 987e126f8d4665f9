/**
 * What stands before the app's processes, as a clinic's proxy does: it carries
 * each connection to one of them at random, and knows nothing of what it
 * carries. When a process dies, its connections break.
 *
 * @module
 */

/** One address for several processes. */
export interface Balancer extends AsyncDisposable {
  /** e.g. `http://127.0.0.1:43211` */
  origin: string;
  /** Ports that connections are carried to; with none, they are refused. */
  readonly ports: Set<number>;
}

const hostname = "127.0.0.1";

/** Begins to take connections; the disposal breaks those that are left. */
export function startBalancer(): Balancer {
  const listener = Deno.listen({ hostname, port: 0 });
  const ports = new Set<number>();
  const open = new Set<Deno.TcpConn>();
  const carrying = new Set<Promise<void>>();

  async function carry(client: Deno.TcpConn): Promise<void> {
    const all = [...ports];
    const port = all[Math.floor(Math.random() * all.length)];
    const server = port === undefined
      ? null
      : await Deno.connect({ hostname, port }).catch(() => null);
    if (server === null) return hangUp(client);
    open.add(client).add(server);
    const ways = [pipe(client, server), pipe(server, client)];
    // Neither side speaks on when the other has hung up.
    await Promise.race(ways);
    for (const side of [client, server]) {
      open.delete(side);
      hangUp(side);
    }
    await Promise.all(ways);
  }

  const accepting = (async () => {
    for await (const client of listener) {
      const carried = carry(client).finally(() => carrying.delete(carried));
      carrying.add(carried);
    }
  })();

  return {
    origin: `http://${hostname}:${listener.addr.port}`,
    ports,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const side of open) hangUp(side);
      await Promise.all(carrying);
    },
  };
}

/** Carries bytes until one side is gone. */
function pipe(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  return from.readable.pipeTo(to.writable, { preventClose: true })
    .catch(() => {});
}

function hangUp(side: Deno.TcpConn): void {
  try {
    side.close();
  } catch (error) {
    // Its stream has closed it already.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
