import { useState } from "react";
import type { ApiFailure } from "./api.ts";
import { Logo } from "./icons.tsx";
import { saveToken } from "./session.ts";

/** Says that the API does not answer, and offers to try again. What is on the page stays. */
export function TroubleBanner(props: {
  readonly error: ApiFailure;
  readonly isOld: boolean;
  readonly onRetry: () => void;
}) {
  return (
    <div className="banner" role="alert">
      <p>
        <strong>Cannot reach the API.</strong> {props.error.message}
        {props.isOld && " What you see is what was known before."}
      </p>
      <button type="button" className="button" onClick={props.onRetry}>
        Try again
      </button>
    </div>
  );
}

/** Fills the page while nothing was ever heard from the API. */
export function NoConnection() {
  return (
    <section className="welcome">
      <Logo />
      <h1>Waiting for Earshot</h1>
      <p className="welcome-lead">
        This page asks again every 30 seconds and fills itself as soon as there is an answer. On the computer
        it is installed on, <code>earshot start</code> starts it.
      </p>
    </section>
  );
}

/** Asks for the API token, which is kept for this tab only. */
export function TokenForm({ onToken }: { readonly onToken: () => void }) {
  const [token, setToken] = useState("");
  return (
    <main className="centred">
      <form
        className="card token-form"
        onSubmit={(event) => {
          event.preventDefault();
          saveToken(token.trim());
          onToken();
        }}
      >
        <Logo />
        <h1>This Earshot asks for a token</h1>
        <p className="muted">
          Paste an API token with the right to read. It is kept in this tab until you close it, and sent to
          this server only.
        </p>
        <label>
          <span className="control-label">API token</span>
          <input
            type="password"
            name="token"
            autoComplete="current-password"
            required
            value={token}
            onChange={(event) => {
              setToken(event.target.value);
            }}
          />
        </label>
        <button type="submit" className="button primary">
          Continue
        </button>
      </form>
    </main>
  );
}
