/** A cue that was dragged: whether every airing goes along, or only this one. Nothing is saved before that. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Placement } from "../../../shared/schedule/placement.ts";
import { useApp, useSay } from "../app/context.tsx";
import { clockTime, quoted, signedSpan } from "../app/format.ts";
import { useEscape } from "../app/use-escape.ts";
import { Button } from "../parts/button.tsx";
import { Pill } from "../parts/layout.tsx";
import { Refused } from "../platform/http.ts";
import { type Moved, moveEvery, moveOne } from "./move-cue.ts";
import type { PlacedCue } from "./placed-cue.ts";
import { timelineTexts } from "./texts.ts";

export function MoveBar(props: {
  placed: PlacedCue;
  toMs: number;
  edge: boolean;
  title: string;
  onDone(): void;
}) {
  const { api, language, toast, failed, may } = useApp();
  const say = useSay(timelineTexts);
  const { placed, toMs } = props;
  const { cue, channel } = placed;
  const [busy, setBusy] = useState(false);
  useEscape(props.onDone);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    bar.current?.querySelector("button")?.scrollIntoView({ block: "nearest" });
  }, []);
  const deltaMs = toMs - cue.atMs;

  async function put({ id, ...rest }: Placement, tag: string | undefined) {
    return api.putPlacement(id, rest, tag);
  }
  async function undo(before: Placement, added: Placement | undefined) {
    try {
      const { tag } = await api.placement(before.id);
      await put(before, tag);
      if (added) await api.removePlacement(added.id);
    } catch (error) {
      failed(error);
    }
  }
  async function apply(how: "every" | "one") {
    setBusy(true);
    try {
      const { body, tag } = await api.placement(cue.placement);
      const before = body.placement;
      const every = how === "every" ? moveEvery(before, deltaMs) : undefined;
      const moved: Moved | undefined = every
        ? { changed: every }
        : how === "one"
          ? moveOne(before, cue.id, channel, toMs)
          : undefined;
      if (!moved) {
        toast({ tone: "bad", text: say("cannot") });
        return;
      }
      if (moved.added) await put(moved.added, undefined);
      await put(moved.changed, tag);
      toast({
        tone: "good",
        text: say("moved"),
        action: { label: say("undo"), run: () => void undo(before, moved.added) },
      });
      props.onDone();
    } catch (error) {
      if (error instanceof Refused && error.status === 412)
        toast({ tone: "bad", text: say("changedMeanwhile") });
      else failed(error, () => apply(how));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="bottom-bar" ref={bar} aria-label={say("title")} data-name="move-bar">
      <p class="row-words" aria-live="polite">
        {say("move", {
          title: quoted(props.title, language),
          by: signedSpan(deltaMs),
          at: clockTime(toMs, language, true),
        })}{" "}
        {props.edge && <Pill tone="info">{say("edge")}</Pill>}
      </p>
      {may("edit") && (
        <>
          <Button small tone="main" busy={busy} onClick={() => apply("every")} name="move-every">
            {say(cue.kind === "instant" ? "it" : "every")}
          </Button>
          {cue.kind !== "instant" && (
            <Button small busy={busy} onClick={() => apply("one")} name="move-one">
              {say("one")}
            </Button>
          )}
        </>
      )}
      <Button small tone="quiet" onClick={props.onDone}>
        {say("cancel")}
      </Button>
    </section>
  );
}
