/** One's own new password. */
import { useState } from "preact/hooks";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/layout.tsx";
import { useApp, useSay } from "./context.tsx";
import { appTexts } from "./texts.ts";

export function PasswordDialog({ onClose, onChanged }: { onClose(): void; onChanged(): void }) {
  const { api, failed } = useApp();
  const say = useSay(appTexts);
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const submit = () =>
    api.changePassword(old, password).then(() => {
      onClose();
      onChanged();
    }, failed);
  return (
    <Dialog title={say("password")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={say("oldPassword")}>
          {(id) => (
            <input
              {...id}
              type="password"
              autocomplete="current-password"
              required
              value={old}
              onInput={(event) => setOld(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={say("newPassword")} hint={say("passwordHint")}>
          {(id) => (
            <input
              {...id}
              type="password"
              autocomplete="new-password"
              required
              minLength={10}
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Button type="submit" tone="main">
            {say("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
