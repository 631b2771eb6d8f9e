/** Shutting somebody out: what ends with it, API tokens too unless told, and that it cannot be undone. */
import { useState } from "preact/hooks";
import type { PeopleReply } from "../../routes/people.ts";
import type { TokensReply } from "../../routes/tokens.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Loaded, Pill } from "../parts/layout.tsx";
import { isLastAdmin, tokensOf } from "./role-change.ts";
import { peopleTexts } from "./texts.ts";

type Person = PeopleReply["people"][number];
type Token = TokensReply["tokens"][number];

export function ShutOutDialog(props: { person: Person; people: readonly Person[]; onClose(): void }) {
  const { api, toast } = useApp();
  const say = useSay(peopleTexts);
  const { name, sessions } = props.person;
  const tokens = useResource("tokens", api.tokens, ["people"]);
  const [keeps, setKeeps] = useState(false);
  const last = isLastAdmin(props.people, name);
  const save = async () => {
    await api.removePerson(name, keeps);
    toast({ tone: "info", text: say("removed", { name }) });
    props.onClose();
  };
  return (
    <FormDialog
      title={say("removeWho", { name })}
      save={say("removeWho", { name })}
      danger
      blocked={last || tokens.value === undefined}
      onClose={props.onClose}
      onSave={save}
    >
      {last && <p class="error">{say("lastAdmin", { name })}</p>}
      <p>{say("removeAbout", { n: sessions })}</p>
      <Loaded of={tokens}>
        {({ tokens: all }) => <Own own={tokensOf(all, name)} keeps={keeps} setKeeps={setKeeps} />}
      </Loaded>
      <p class="quiet">{say("removeForGood")}</p>
    </FormDialog>
  );
}

function Own(props: { own: readonly Token[]; keeps: boolean; setKeeps(keeps: boolean): void }) {
  const say = useSay(peopleTexts);
  if (props.own.length === 0) return <p>{say("noTokens")}</p>;
  return (
    <div class="stack">
      <p>{say("ownTokens")}</p>
      <ul class="rows">
        {props.own.map(({ id, name, role }) => (
          <li class="row" key={id}>
            <span class="grow strong">{name}</span>
            <Pill>{say(role)}</Pill>
          </li>
        ))}
      </ul>
      <label class="check">
        <input
          type="checkbox"
          checked={!props.keeps}
          onChange={(event) => props.setKeeps(!event.currentTarget.checked)}
        />
        {say("revokeThem")}
      </label>
    </div>
  );
}
