/** Signing in: before anything else, or over the page when a session has ended, so that nothing typed is lost. */
import { useState } from "preact/hooks";
import type { Who } from "../../routes/session.ts";
import type { Api } from "../app/api.ts";
import { createSay, type Language } from "../app/words.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/layout.tsx";
import { Refused } from "../platform/http.ts";
import { signInTexts } from "./texts.ts";

export function SignIn(props: {
  api: Api;
  language: Language;
  switchLanguage(): void;
  /** Whose session ended. */
  name?: string;
  onSigned(who: Who): void;
}) {
  const say = createSay(signInTexts, props.language);
  const [name, setName] = useState(props.name ?? "editor");
  const [password, setPassword] = useState("");
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  async function submit() {
    setBusy(true);
    try {
      props.onSigned(await props.api.signIn(name, password));
    } catch (error) {
      setTrouble(
        error instanceof Refused
          ? error.code === "wrong-password"
            ? say("wrong")
            : error.message
          : say("unreachable"),
      );
    } finally {
      setBusy(false);
    }
  }
  return (
    <main class="sign-in">
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p class="brand">Cuecast</p>
        <h1>{props.name ? say("again") : say("title")}</h1>
        <p class="quiet">{props.name ? say("kept") : say("about")}</p>
        <Field label={say("name")}>
          {(id) => (
            <input
              {...id}
              type="text"
              name="name"
              autocomplete="username"
              required
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={say("password")} error={trouble || undefined}>
          {(id) => (
            <input
              {...id}
              type="password"
              name="password"
              autocomplete="current-password"
              required
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Button type="submit" tone="main" busy={busy}>
            {say("signIn")}
          </Button>
          <Button tone="quiet" onClick={props.switchLanguage} name="language">
            {say("language")}
          </Button>
        </div>
      </form>
    </main>
  );
}
