import type { ComponentChild, FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";

/** A module with a component. */
interface ComponentModule<Props> {
  default: FunctionComponent<Props>;
}

/**
 * A component whose code arrives when it is first shown. `meanwhile` stands in
 * for it, and says so if the code does not come.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentModule<Props>>,
  meanwhile: (failed: boolean) => ComponentChild = () => null,
): FunctionComponent<Props> {
  const loaded = signal<FunctionComponent<Props> | null>(null);
  const failed = signal(false);

  return function Lazy(props: Props) {
    useEffect(() => {
      if (loaded.value !== null) return;
      failed.value = false;
      load().then(
        (module) => loaded.value = module.default,
        () => failed.value = true,
      );
    }, []);
    const Component = loaded.value;
    return Component === null
      ? <>{meanwhile(failed.value)}</>
      : <Component {...props} />;
  };
}
