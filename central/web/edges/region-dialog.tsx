/** A region: its name and its line-up. */
import { useState } from "preact/hooks";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import { useApp, useSay } from "../app/context.tsx";
import { useGuardedSave } from "../app/use-guarded-save.tsx";
import { useRemoval } from "../app/use-removal.ts";
import { SureButton } from "../parts/button.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { TextField } from "../parts/text-field.tsx";
import { ChannelPicker } from "../placements/channel-picker.tsx";
import { edgesTexts } from "./texts.ts";

export function RegionDialog({ region, onClose }: { region: RegionEntry | undefined; onClose(): void }) {
  const { api, toast } = useApp();
  const say = useSay(edgesTexts);
  const [id, setId] = useState(region?.id ?? "");
  const [name, setName] = useState(region?.name ?? "");
  const [channels, setChannels] = useState<string[] | undefined>(region?.channels);
  const [remove, removing] = useRemoval<RegionEntry>({
    ...{ read: api.region, remove: api.removeRegion, put: api.putRegion },
  });
  const guarded = useGuardedSave<RegionEntry>({
    opened: region,
    read: () => api.region(id),
    write: api.putRegion,
    onSaved() {
      toast({ tone: "good", text: say("regionSaved") });
      onClose();
    },
  });
  return (
    <>
      <FormDialog
        title={region ? say("editRegionTitle", { region: region.name }) : say("newRegion")}
        save={say("save")}
        wide={channels !== undefined}
        side={
          region && (
            <SureButton
              busy={removing !== undefined}
              words={say("removeRegion")}
              sure={say("removeRegionSure")}
              onClick={() => remove(region.id, onClose)}
              name="remove-region"
            />
          )
        }
        onClose={onClose}
        onSave={async () => {
          const { channels: _, ...rest } = region ?? { edges: [] };
          await guarded.save({ ...rest, id, name, ...(channels && { channels }) });
        }}
      >
        {!region && <TextField label={say("regionId")} isId maxLength={100} value={id} onInput={setId} />}
        <TextField label={say("regionName")} maxLength={200} value={name} onInput={setName} />
        <div class="tabs flat" role="group" aria-label={say("lineUp")}>
          {([true, false] as const).map((all) => (
            <button
              type="button"
              key={String(all)}
              aria-pressed={(channels === undefined) === all}
              onClick={() => setChannels(all ? undefined : (channels ?? []))}
            >
              {say(all ? "allChannels" : "someChannels")}
            </button>
          ))}
        </div>
        {channels && <ChannelPicker title={say("lineUp")} chosen={channels} onChange={setChannels} />}
      </FormDialog>
      {guarded.question}
    </>
  );
}
