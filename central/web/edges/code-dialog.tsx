/** The code that lets one edge in, shown once with the command that uses it. */
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import { useSay } from "../app/context.tsx";
import { CopyDialog } from "../parts/copy-dialog.tsx";
import { edgesTexts } from "./texts.ts";

export interface Code {
  region: RegionEntry;
  code: string;
  /** The edge whose place the new one takes. */
  replaces: string | undefined;
}

export function CodeDialog({ region, code, replaces, onClose }: Code & { onClose(): void }) {
  const say = useSay(edgesTexts);
  return (
    <CopyDialog
      title={
        replaces === undefined
          ? say("enrolTitle", { region: region.name })
          : say("replaceTitle", { id: replaces })
      }
      about={say(replaces === undefined ? "enrolAbout" : "replaceAbout", { id: replaces ?? "" })}
      text={`npx cuecast edge --central ${location.origin} --enrol ${code}`}
      name="enrol-command"
      onClose={onClose}
    />
  );
}
