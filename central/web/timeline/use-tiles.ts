/** The timeline's tiles, loaded from central and asked for again when something changed there. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../app/context.tsx";
import { createTiles, type Tiles } from "./tiles.ts";

/** @returns the tiles, and a number that changes when they do */
export function useTiles(): [Tiles, number] {
  const { api, live } = useApp();
  const [serial, setSerial] = useState(0);
  const tiles = useMemo(
    () =>
      createTiles(
        (channels, fromMs, untilMs) => api.timeline({ channels: channels.join(","), fromMs, untilMs }),
        () => setSerial((each) => each + 1),
      ),
    [api],
  );
  useEffect(() => live.listen(["drafts", "guide", "air"], tiles.expire), [live, tiles]);
  return [tiles, serial];
}
