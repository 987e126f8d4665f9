import { Field } from "@/lib/ui/Field.tsx";

/** What `SignInForm` takes. */
export interface SignInFormProps {
  /** As it was entered before, if it was refused. */
  email: string;
  /** Where to go afterwards. */
  next: string;
}

/** Email and password. */
export function SignInForm({ email, next }: SignInFormProps) {
  return (
    <form class="mt-8 grid gap-5" method="post" action="/login">
      <input type="hidden" name="next" value={next} />
      <Field name="email" label="Email">
        {(control) => (
          <input
            {...control}
            class="input"
            type="email"
            autocomplete="username"
            maxLength={254}
            value={email}
            required
          />
        )}
      </Field>
      <Field name="password" label="Password">
        {(control) => (
          <input
            {...control}
            class="input"
            type="password"
            autocomplete="current-password"
            maxLength={256}
            required
          />
        )}
      </Field>
      <button type="submit" class="btn btn-primary btn-lg btn-block mt-1">
        Sign in
      </button>
    </form>
  );
}
