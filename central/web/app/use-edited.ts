/** Editing one thing of central: what is typed is kept, saved against its ETag, and merged when somebody else did too. */
import { useRef, useState } from "preact/hooks";
import type { WrongPlace } from "../../../shared/errors.ts";
import type { Topic } from "../../live/events.ts";
import { Refused } from "../platform/http.ts";
import { useApp, useDraft } from "./context.tsx";
import { wrongPlaces } from "./problem-words.ts";
import { useSaveKey } from "./save-key.ts";
import type { Stored } from "./stored.ts";
import type { DraftThing } from "./unsaved-words.ts";
import { isGone, useNewer } from "./use-newer.ts";

export interface Edited<T> {
  base: T;
  draft: T;
  touched: boolean;
  busy: boolean;
  errors: WrongPlace[];
  /** What somebody else saved meanwhile: whose shall it be? */
  theirs: Stored<T> | undefined;
  /** Somebody else saved it meanwhile, and nobody tried to save over it yet: shows it, or asks whose it shall be. */
  catchUp: (() => void) | undefined;
  /** Somebody else removed it: saving makes it anew. */
  gone: boolean;
  put(more: Partial<T>): void;
  forget(): void;
  /** Goes on from what was stored elsewhere in the page, as by an undo. */
  adopt(stored: Stored<T>): void;
  save(): void;
  /** The editor's answer; undefined: keeps editing. */
  merged(value: T | undefined): void;
}

/** Of settings there is one: they have no id. */
const idOf = (value: object): string => ("id" in value ? String(value.id) : "");

export function useEdited<T extends object>(options: {
  /** Names what is kept in the browser. */
  key: DraftThing;
  opened: Stored<T>;
  allowed: boolean;
  /** Ctrl-S is somebody else's on this page. */
  keyless?: boolean;
  /** What central tells of when it changes; drafts unless told. */
  topics?: readonly Topic[];
  load(id: string): Promise<Stored<T>>;
  store(value: T, tag: string | undefined): Promise<Stored<T>>;
  onSaved(value: T, tag: string | undefined): void;
  /** Where a new one is kept from now on. */
  keyOf?(value: T): DraftThing;
  /** Said when a new one has the id of another. */
  taken(id: string): string;
}): Edited<T> {
  const { failed } = useApp();
  const [base, setBase] = useState(options.opened);
  const { draft, touched, set, forget, stored } = useDraft<T>(options.key, base.value);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<WrongPlace[]>([]);
  const [theirs, setTheirs] = useState<Stored<T> | undefined>();

  const { newer, gone } = useNewer(
    options.key,
    base,
    busy,
    () => options.load(idOf(base.value)),
    options.topics,
  );

  async function store(value: T, tag: string | undefined): Promise<void> {
    setBusy(true);
    setErrors([]);
    try {
      const saved = await options.store(value, tag);
      stored(value, base.tag === undefined ? options.keyOf?.(saved.value) : undefined);
      setTheirs(undefined);
      setBase(saved);
      options.onSaved(saved.value, saved.tag);
    } catch (error) {
      if (error instanceof Refused && error.code === "exists-already") {
        setErrors([{ path: "id", message: options.taken(idOf(value)) }]);
      } else if (error instanceof Refused && error.status === 412) {
        // One that is gone is told by `gone`.
        await options.load(idOf(value)).then(setTheirs, (why) => {
          if (!isGone(why)) failed(why);
        });
      } else if (error instanceof Refused && error.status === 400) {
        setErrors(wrongPlaces(error));
      } else failed(error, () => latest.current());
    } finally {
      setBusy(false);
    }
  }
  const catchUp = () => {
    if (touched) setTheirs(newer);
    else if (newer) setBase(newer);
  };
  const save = () => {
    if (options.allowed && !busy) store(draft, gone ? undefined : base.tag);
  };
  // Trying again saves what stands there then.
  const latest = useRef(save);
  latest.current = save;
  useSaveKey(() => {
    if (!options.keyless) save();
  });
  return {
    ...{ base: base.value, draft, touched, busy, errors, theirs, gone, forget, save },
    catchUp: newer && !theirs ? catchUp : undefined,
    adopt(there) {
      forget();
      setBase(there);
    },
    put: (more) => set({ ...draft, ...more }),
    merged(value) {
      if (!theirs || value === undefined) {
        setTheirs(undefined);
        return;
      }
      setBase(theirs);
      set(value);
      store(value, theirs.tag);
    },
  };
}
