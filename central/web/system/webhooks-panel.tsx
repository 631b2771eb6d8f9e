/** Webhooks: whom central tells what happened, what became of it, and their form. */
import { useState } from "preact/hooks";
import type { WebhooksReply } from "../../routes/webhooks.ts";
import { EVENT_TYPES, type EventType, type Webhook, type WebhookInput } from "../../webhooks/webhook.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { useGuardedSave } from "../app/use-guarded-save.tsx";
import { Button, SureButton } from "../parts/button.tsx";
import { CopyDialog } from "../parts/copy-dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Dot, Empty, Loaded, Panel, Pill } from "../parts/layout.tsx";
import { TextField } from "../parts/text-field.tsx";
import { Deliveries } from "./deliveries.tsx";
import { systemTexts } from "./texts.ts";

type Shown = WebhooksReply["webhooks"][number];
const inputOf = ({ url, types, enabled, about }: Webhook): WebhookInput => ({ url, types, enabled, about });

export function WebhooksPanel() {
  const { api } = useApp();
  const say = useSay(systemTexts);
  const webhooks = useResource("webhooks", api.webhooks, ["people", "air", "edges"]);
  const [editing, setEditing] = useState<Shown | "new" | undefined>();
  const [secret, setSecret] = useState<string | undefined>();
  return (
    <Panel
      title={say("webhooks")}
      side={
        <Button small icon="plus" onClick={() => setEditing("new")} name="new-webhook">
          {say("newWebhook")}
        </Button>
      }
    >
      <Loaded of={webhooks}>
        {({ webhooks: all }) =>
          all.length === 0 ? (
            <Empty title={say("noWebhooks")}>{say("noWebhooksDo")}</Empty>
          ) : (
            <ul class="rows">
              {all.map((webhook) => (
                <One
                  key={webhook.id}
                  webhook={webhook}
                  onEdit={() => setEditing(webhook)}
                  onSecret={setSecret}
                  reload={webhooks.reload}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {editing && (
        <WebhookDialog
          webhook={editing === "new" ? undefined : editing}
          onSecret={setSecret}
          onClose={() => {
            setEditing(undefined);
            webhooks.reload();
          }}
        />
      )}
      {secret !== undefined && (
        <CopyDialog
          title={say("secret")}
          about={say("secretAbout")}
          text={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
    </Panel>
  );
}

function One(props: { webhook: Shown; onEdit(): void; onSecret(secret: string): void; reload(): void }) {
  const { api, toast, failed } = useApp();
  const say = useSay(systemTexts);
  const { webhook, reload } = props;
  const { id, url, types, enabled, about, deliveries } = webhook;
  const [open, setOpen] = useState(false);
  const dead = deliveries.dead ?? 0;
  const waiting = deliveries.waiting ?? 0;
  const after = (work: Promise<unknown>, done?: () => void) =>
    work.then(() => {
      done?.();
      reload();
    }, failed);
  return (
    <li class="source" data-name="webhook">
      <Dot tone={!enabled ? "plain" : dead > 0 ? "bad" : waiting > 0 ? "warn" : "good"} />
      <div class="grow">
        <span class="mono cut strong" title={url}>
          {url}
        </span>
        {about !== "" && <span class="quiet small">{about}</span>}
        <span class="quiet small">
          {types.length === EVENT_TYPES.length ? say("allEvents") : types.map((type) => say(type)).join(", ")}
        </span>
        <span class="pills">
          {!enabled && <Pill>{say("off")}</Pill>}
          <Pill tone="good">{say("deliveredN", { n: deliveries.delivered ?? 0 })}</Pill>
          {waiting > 0 && <Pill tone="warn">{say("waitingN", { n: waiting })}</Pill>}
          {dead > 0 && <Pill tone="bad">{say("deadN", { n: dead })}</Pill>}
        </span>
      </div>
      <span class="actions">
        <Button
          small
          onClick={() =>
            after(api.testWebhook(id), () => {
              toast({ tone: "info", text: say("testSent") });
              setOpen(true);
            })
          }
          name="test-webhook"
        >
          {say("test")}
        </Button>
        <Button small tone="quiet" pressed={open} onClick={() => setOpen(!open)} name="deliveries">
          {say("log")}
        </Button>
        <Button
          small
          tone="quiet"
          onClick={() =>
            after(
              api
                .webhook(id)
                .then(({ value, tag }) => api.putWebhook(id, { ...inputOf(value), enabled: !enabled }, tag)),
            )
          }
        >
          {say(enabled ? "turnOff" : "turnOn")}
        </Button>
        <Button small tone="quiet" onClick={props.onEdit}>
          {say("edit")}
        </Button>
        <SureButton
          small
          tone="quiet"
          words={say("newSecret")}
          sure={say("newSecretSure")}
          onClick={() => {
            api.newWebhookSecret(id).then(({ secret }) => props.onSecret(secret), failed);
          }}
        />
        <SureButton
          small
          tone="quiet"
          words={say("remove")}
          sure={say("removeSure")}
          onClick={() => {
            after(api.removeWebhook(id));
          }}
        />
      </span>
      {open && <Deliveries webhook={id} />}
    </li>
  );
}

function WebhookDialog(props: {
  webhook: Shown | undefined;
  onClose(): void;
  onSecret(secret: string): void;
}) {
  const { api } = useApp();
  const say = useSay(systemTexts);
  const { webhook, onClose } = props;
  const [form, setForm] = useState({
    url: webhook?.url ?? "https://",
    about: webhook?.about ?? "",
    types: webhook?.types ?? ([...EVENT_TYPES] as EventType[]),
  });
  const id = webhook?.id ?? "";
  const guarded = useGuardedSave<WebhookInput>({
    opened: webhook && inputOf(webhook),
    read: () => api.webhook(id).then(({ value, tag }) => ({ value: inputOf(value), tag })),
    write: (body, tag) => api.putWebhook(id, body, tag),
    onSaved: onClose,
  });
  return (
    <>
      <FormDialog
        title={say(webhook ? "editWebhook" : "newWebhook")}
        save={say("save")}
        onClose={onClose}
        onSave={async () => {
          const body = { ...form, enabled: webhook?.enabled ?? true };
          if (webhook) {
            await guarded.save(body);
            return;
          }
          props.onSecret((await api.addWebhook(body)).secret);
          onClose();
        }}
      >
        <TextField
          label={say("address")}
          hint={say("addressHint")}
          maxLength={2_000}
          value={form.url}
          onInput={(url) => setForm({ ...form, url: url.trim() })}
        />
        <label class="field">
          <span class="small strong">{say("whatFor")}</span>
          <input
            type="text"
            maxLength={200}
            value={form.about}
            onInput={(event) => setForm({ ...form, about: event.currentTarget.value })}
          />
        </label>
        <fieldset class="checks">
          <legend>{say("events")}</legend>
          {EVENT_TYPES.map((type) => (
            <label class="check" key={type}>
              <input
                type="checkbox"
                checked={form.types.includes(type)}
                onChange={(event) => {
                  const types = EVENT_TYPES.filter((each) =>
                    each === type ? event.currentTarget.checked : form.types.includes(each),
                  );
                  setForm({ ...form, types });
                }}
              />
              {say(type)}
            </label>
          ))}
        </fieldset>
      </FormDialog>
      {guarded.question}
    </>
  );
}
