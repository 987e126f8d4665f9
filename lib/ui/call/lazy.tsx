import type { ComponentChild, FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { type ReadonlySignal, signal } from "@preact/signals";
import { NotArrived } from "@/lib/ui/NotArrived.tsx";

/** Code that arrives when it is first wanted. */
export interface Lazy<Module> {
  /** Null until it is here. */
  readonly module: ReadonlySignal<Module | null>;
  /** The last attempt to fetch it did not work. */
  readonly failed: ReadonlySignal<boolean>;
  /**
   * Fetches it, if it is not here yet. Resolves when that is done, whether it
   * worked or not. After a failure only a browser of late asks again; see
   * `NotArrived`.
   */
  load(): Promise<void>;
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
    async load() {
      if (module.value !== null) return;
      failed.value = false;
      await fetch().then(
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

/** A component whose code arrives when it is first shown, or before by `load`. */
export interface LazyComponent<Props> extends FunctionComponent<Props> {
  /** See `Lazy`. */
  load(): Promise<void>;
}

/**
 * A component whose code arrives when it is first shown. `meanwhile` stands in
 * for it, and has to say so if the code does not come.
 */
export function lazy<Props extends object>(
  fetch: () => Promise<ComponentModule<Props>>,
  meanwhile: (failed: boolean, props: Props) => ComponentChild = (failed) =>
    failed && <NotArrived />,
): LazyComponent<Props> {
  const { module, failed, load } = lazyModule(fetch);

  function Lazy(props: Props) {
    useEffect(() => void load(), []);
    const Component = module.value?.default;
    return Component === undefined
      ? <>{meanwhile(failed.value, props)}</>
      : <Component {...props} />;
  }
  Lazy.load = load;
  return Lazy;
}
