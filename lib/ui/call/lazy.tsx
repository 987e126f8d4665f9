import type { ComponentChild, FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { type ReadonlySignal, signal } from "@preact/signals";

/** Code that arrives when it is first wanted. */
export interface Lazy<Module> {
  /** Null until it is here. */
  readonly module: ReadonlySignal<Module | null>;
  /** The last attempt to fetch it did not work. */
  readonly failed: ReadonlySignal<boolean>;
  /** Fetches it, if it is not here yet. */
  load(): void;
}

/** Code that is fetched by `fetch` when it is first wanted, and shown by whoever asks for it. */
export function lazyModule<Module>(
  fetch: () => Promise<Module>,
): Lazy<Module> {
  const module = signal<Module | null>(null);
  const failed = signal(false);
  return {
    module,
    failed,
    load() {
      if (module.value !== null) return;
      failed.value = false;
      fetch().then(
        (arrived) => module.value = arrived,
        () => failed.value = true,
      );
    },
  };
}

/** A module with a component. */
interface ComponentModule<Props> {
  default: FunctionComponent<Props>;
}

/**
 * A component whose code arrives when it is first shown. `meanwhile` stands in
 * for it, and says so if the code does not come.
 */
export function lazy<Props extends object>(
  fetch: () => Promise<ComponentModule<Props>>,
  meanwhile: (failed: boolean) => ComponentChild = () => null,
): FunctionComponent<Props> {
  const { module, failed, load } = lazyModule(fetch);

  return function Lazy(props: Props) {
    useEffect(load, []);
    const Component = module.value?.default;
    return Component === undefined
      ? <>{meanwhile(failed.value)}</>
      : <Component {...props} />;
  };
}
