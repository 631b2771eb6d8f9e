/** Of what is edited within a page: that somebody else saved or removed it meanwhile, and the question whose it shall be. */
import { MergeDialog } from "./merge-dialog.tsx";
import { GoneBanner, NewerBanner } from "./newer-banner.tsx";
import type { Edited } from "./use-edited.ts";

/** @param props.onLetGo absent where nobody can remove it */
export function SomebodyElse<T extends object>(props: { edited: Edited<T>; onLetGo?(): void }) {
  const { edited, onLetGo } = props;
  const { base, draft, touched, theirs, catchUp, merged, gone, forget, save } = edited;
  return (
    <>
      {gone && onLetGo && (
        <GoneBanner
          touched={touched}
          saveAgain={save}
          letGo={() => {
            forget();
            onLetGo();
          }}
        />
      )}
      {catchUp && <NewerBanner touched={touched} catchUp={catchUp} />}
      {theirs && (
        <MergeDialog
          base={base}
          mine={draft}
          theirs={theirs.value}
          onMerged={(value) => merged(value as T)}
          onClose={() => merged(undefined)}
        />
      )}
    </>
  );
}
