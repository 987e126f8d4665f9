import type { Ref } from "preact";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What `Composer` takes. */
export interface ComposerProps {
  /** Who reads it. */
  other: string;
  /** What is in the field at first. */
  text: string;
  /** Why it was not sent. */
  problem: string | null;
  /** New for every form: sent twice, it is one message. Undefined where only scripts send. */
  idempotencyKey: string | undefined;
  field: Ref<HTMLTextAreaElement>;
  onText(text: string): void;
  onSend(): void;
}

/** The field to write in. It is a form that needs no script. */
export function Composer(props: ComposerProps) {
  const { other, text, problem, idempotencyKey, field, onText, onSend } = props;

  function onKeyDown(event: KeyboardEvent): void {
    // Who composes a character (Japanese, …) chooses it by Enter; a phone has no other key for a new line.
    if (
      event.key !== "Enter" || event.shiftKey || event.isComposing ||
      !matchMedia("(pointer: fine)").matches
    ) return;
    event.preventDefault();
    onSend();
  }

  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {idempotencyKey !== undefined && (
        <input type="hidden" name="idempotency_key" value={idempotencyKey} />
      )}
      <label class="sr-only" for="message-text">Message to {other}</label>
      <div class="flex items-end gap-3">
        <textarea
          id="message-text"
          ref={field}
          class="textarea min-h-13 max-h-40 py-3 field-sizing-content resize-none"
          name="text"
          rows={1}
          placeholder="Write a message"
          autocomplete="off"
          aria-invalid={problem === null ? undefined : "true"}
          aria-describedby={problem === null
            ? undefined
            : "message-text-problem"}
          onKeyDown={onKeyDown}
          onInput={(event) => onText(event.currentTarget.value)}
        >
          {text}
        </textarea>
        <button type="submit" class="btn btn-primary min-h-13!">
          <Icon name="send" class="size-5 rtl:-scale-x-100" />
          Send
        </button>
      </div>
      {problem !== null && (
        <p class="field-error" id="message-text-problem" role="alert">
          <Icon name="circle-alert" />
          {problem}
        </p>
      )}
    </form>
  );
}
