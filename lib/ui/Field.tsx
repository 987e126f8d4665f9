import type { ComponentChildren } from "preact";
import { Icon } from "@/lib/ui/Icon.tsx";

/** What ties a control to its label, hint and error; spread it on the control. */
export interface ControlProps {
  id: string;
  name: string;
  "aria-describedby"?: string;
  "aria-invalid"?: "true";
}

/** What `Field` takes. */
export interface FieldProps {
  /** The control's id and name. */
  name: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** What is wrong with the value; replaces the hint. */
  error?: string | undefined;
  /** Renders the control. */
  children: (control: ControlProps) => ComponentChildren;
}

/** A labelled control: label above, hint below, and the error in the hint's place. */
export function Field({ name, label, hint, error, children }: FieldProps) {
  const below = error !== undefined || hint !== undefined;
  return (
    <div>
      <label class="field-label" for={name}>{label}</label>
      {children({
        id: name,
        name,
        ...(below ? { "aria-describedby": `${name}-more` } : {}),
        ...(error === undefined ? {} : { "aria-invalid": "true" }),
      })}
      {error !== undefined
        ? (
          <p class="field-error" id={`${name}-more`}>
            <Icon name="circle-alert" />
            {error}
          </p>
        )
        : hint !== undefined && (
          <p class="hint mt-1.5" id={`${name}-more`}>{hint}</p>
        )}
    </div>
  );
}

/** What `Check` takes. */
export interface CheckProps {
  name: string;
  label: string;
  hint: string;
  checked: boolean;
}

/** A checkbox with a sentence that says what it does. */
export function Check({ name, label, hint, checked }: CheckProps) {
  return (
    <label class="check">
      <input
        class="checkbox"
        type="checkbox"
        name={name}
        checked={checked}
        aria-labelledby={`${name}-label`}
        aria-describedby={`${name}-more`}
      />
      <span>
        <span class="font-semibold" id={`${name}-label`}>{label}</span>
        <span class="hint block" id={`${name}-more`}>{hint}</span>
      </span>
    </label>
  );
}
