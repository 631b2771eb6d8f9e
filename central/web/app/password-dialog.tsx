/** One's own new password. */
import { useState } from "preact/hooks";
import { FormDialog } from "../parts/form-dialog.tsx";
import { TextField } from "../parts/text-field.tsx";
import { useApp, useSay } from "./context.tsx";
import { appTexts } from "./texts.ts";

export function PasswordDialog({ onClose, onChanged }: { onClose(): void; onChanged(): void }) {
  const { api } = useApp();
  const say = useSay(appTexts);
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const save = async () => {
    await api.changePassword(old, password);
    onClose();
    onChanged();
  };
  return (
    <FormDialog title={say("password")} save={say("save")} onClose={onClose} onSave={save}>
      <TextField
        label={say("oldPassword")}
        secret
        autocomplete="current-password"
        value={old}
        onInput={setOld}
      />
      <TextField
        label={say("newPassword")}
        hint={say("passwordHint")}
        secret
        autocomplete="new-password"
        minLength={10}
        value={password}
        onInput={setPassword}
      />
    </FormDialog>
  );
}
