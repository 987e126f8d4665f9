import { reconcile, RECONCILERS } from "@/lib/reconcilers/service.ts";
import type { World } from "./world.ts";

/** What goes on in the background. */
export type Work = "outbox" | "sessions" | "rooms";

/** Runs a part of the background once, as the process `owner` would. */
export async function work(
  { services }: Pick<World, "services">,
  name: Work,
  owner = "test",
): Promise<void> {
  const one = RECONCILERS.find((reconciler) => reconciler.name === name)!;
  await reconcile(services, one, owner);
}

/** Lets so many seconds pass, with the worker at work in each. */
export async function workFor(world: World, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    world.pass(1);
    await work(world, "outbox");
  }
}

/** Everything that the background does within the next eight minutes. */
export async function settle(world: World): Promise<void> {
  for (let round = 0; round < 8; round++) {
    world.pass(60);
    await work(world, "outbox");
    await work(world, "sessions");
    await work(world, "rooms");
  }
}
