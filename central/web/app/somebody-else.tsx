/** Of what is edited within a page: that somebody else saved it meanwhile, and the question whose it shall be. */
import { MergeDialog } from "./merge-dialog.tsx";
import { NewerBanner } from "./newer-banner.tsx";
import type { Edited } from "./use-edited.ts";

export function SomebodyElse<T extends object>({ edited }: { edited: Edited<T> }) {
  const { base, draft, touched, theirs, catchUp, merged } = edited;
  return (
    <>
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
