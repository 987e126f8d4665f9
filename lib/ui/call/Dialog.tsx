import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** What `Dialog` takes. */
export interface DialogProps {
  /** The id of the heading inside. */
  labelledBy: string;
  onClose(): void;
  children: ComponentChildren;
}

/** A modal dialog that is open for as long as it is there. Escape closes it; `[data-focus]` inside has the focus first. */
export function Dialog({ labelledBy, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[data-focus]")?.focus();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class="modal"
      aria-labelledby={labelledBy}
      onClose={onClose}
    >
      <div class="modal-box max-w-lg p-6 sm:p-8">{children}</div>
    </dialog>
  );
}
