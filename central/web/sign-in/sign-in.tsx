/** Signing in: before anything else, or over the page when a session has ended, so that nothing typed is lost. */
import { useEffect, useState } from "preact/hooks";
import type { Who } from "../../routes/session.ts";
import type { Api, SignInWays } from "../app/api.ts";
import { createSay, type Language } from "../app/words.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/layout.tsx";
import { Refused } from "../platform/http.ts";
import { signInTexts } from "./texts.ts";

/** What a provider's way back may say, told in words. */
const PROVIDER_TROUBLES = ["oidc-refused", "oidc-unreachable", "oidc-expired", "oidc-no-role"] as const;

const hostOf = (issuer: string) => (URL.canParse(issuer) ? new URL(issuer).host : issuer);

export function SignIn(props: {
  api: Api;
  language: Language;
  switchLanguage(): void;
  /** Whose session ended. */
  name?: string;
  onSigned(who: Who): void;
  /** The browser goes to an identity provider, and comes back signed in or not. */
  onLeave(): void;
}) {
  const say = createSay(signInTexts, props.language);
  const [name, setName] = useState(props.name ?? "editor");
  const [password, setPassword] = useState("");
  const [trouble, setTrouble] = useState(() => {
    const code = new URLSearchParams(location.search).get("sign-in") ?? "";
    return PROVIDER_TROUBLES.find((each) => each === code) ?? "";
  });
  const [ways, setWays] = useState<SignInWays | undefined>();
  const { signInWays } = props.api;
  useEffect(() => {
    // Where it cannot be asked, the password is asked for.
    signInWays().then(setWays, () => {});
  }, [signInWays]);
  const [busy, setBusy] = useState(false);
  async function submit() {
    setBusy(true);
    try {
      props.onSigned(await props.api.signIn(name, password));
    } catch (error) {
      setTrouble(
        error instanceof Refused
          ? error.code === "wrong-password"
            ? "wrong"
            : error.message
          : "unreachable",
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
        <Field
          label={say("password")}
          error={trouble === "" ? undefined : trouble in signInTexts ? say(trouble as "wrong") : trouble}
        >
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
        {ways?.oidc && (
          <a class="button plain" href={ways.oidc.begin} onClick={props.onLeave} data-name="oidc">
            {say("byProvider", { issuer: hostOf(ways.oidc.issuer) })}
          </a>
        )}
      </form>
    </main>
  );
}
