import { Icon } from "@/lib/ui/Icon.tsx";

/** What `DialogButtons` takes. */
export interface DialogButtonsProps {
  /** The safe answer. */
  keep: string;
  /** The button that does it; while it is under way, that. */
  act: string;
  /** A command is on its way: another would not be sent. */
  busy: boolean;
  onKeep(): void;
  onAct(): void;
}

/** The two answers of a dialog that asks before something stops; the safe one has the focus. */
export function DialogButtons(
  { keep, act, busy, onKeep, onAct }: DialogButtonsProps,
) {
  return (
    <div class="mt-7 grid gap-3 sm:grid-cols-2">
      <button
        type="button"
        class="btn btn-quiet btn-lg"
        data-focus
        onClick={onKeep}
      >
        {keep}
      </button>
      <button
        type="button"
        class="btn btn-error btn-lg"
        aria-disabled={busy ? "true" : undefined}
        onClick={onAct}
      >
        <Icon name="circle-stop" />
        {act}
      </button>
    </div>
  );
}
