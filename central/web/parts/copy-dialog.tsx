/** Something that is shown once, to be copied. */
import { useApp, useSay } from "../app/context.tsx";
import { copyText } from "../platform/browser.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { layoutTexts } from "./texts.ts";

export function CopyDialog(props: {
  title: string;
  about: string;
  text: string;
  name?: string;
  onClose(): void;
}) {
  const { toast } = useApp();
  const say = useSay(layoutTexts);
  const copy = () =>
    copyText(props.text).then((done) => done && toast({ tone: "info", text: say("copied") }));
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.about}</p>
      <pre class="code" data-name={props.name}>
        {props.text}
      </pre>
      <div class="actions">
        <Button icon="copy" onClick={copy}>
          {say("copy")}
        </Button>
      </div>
    </Dialog>
  );
}
