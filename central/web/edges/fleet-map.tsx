/**
 * All edges at a glance: regions as tiles, each edge a cell by its state. A thousand of them fit a screen.
 *
 * Cells are told apart by form as well as by colour. One of them can be reached by Tab, the others from it by the
 * arrow keys: a thousand stops would be none.
 */
import { useMemo, useState } from "preact/hooks";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import { useApp, useSay } from "../app/context.tsx";
import { number, span } from "../app/format.ts";
import { Panel } from "../parts/layout.tsx";
import { findingWords } from "./finding-words.ts";
import type { Fleet, FleetEdge } from "./fleet.ts";
import { edgesTexts } from "./texts.ts";

/** From so many on cells are smaller. */
const MANY = 300;
const TONES = ["good", "warn", "bad"] as const;
/** By how many cells an arrow key goes on. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: 10,
  ArrowUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

interface Hears {
  onPoint(event: Event): void;
  onFocus(event: Event): void;
  onOpen(event: Event): void;
  onKeyDown(event: KeyboardEvent): void;
}
const edgeOf = (event: Event) => (event.currentTarget as HTMLElement).dataset.edge;

export function FleetMap(props: {
  regions: readonly RegionEntry[];
  fleet: Fleet;
  nowMs: number;
  region: string | undefined;
  onRegion(region: string): void;
  onEdge(id: string): void;
}) {
  const { language } = useApp();
  const say = useSay(edgesTexts);
  const { regions, fleet, region: chosen, onRegion, onEdge } = props;
  const [pointed, setPointed] = useState<string | undefined>();
  const [stop, setStop] = useState<string | undefined>();
  const order = useMemo(
    () =>
      regions.flatMap(({ id }) =>
        fleet.edges.filter(({ edge, state }) => edge.region === id && state.tone !== "plain"),
      ),
    [regions, fleet],
  );
  const stopped = order.some(({ edge }) => edge.id === stop) ? stop : order[0]?.edge.id;
  /** The same for every cell, and for as long as the fleet stays: a thousand cells are drawn anew only with it. */
  const hears = useMemo<Hears>(
    () => ({
      onPoint: (event) => setPointed(edgeOf(event)),
      onFocus(event) {
        setPointed(edgeOf(event));
        setStop(edgeOf(event));
      },
      onOpen(event) {
        const id = edgeOf(event);
        if (id !== undefined) onEdge(id);
      },
      onKeyDown(event) {
        const step = STEPS[event.key];
        const at = order.findIndex(({ edge }) => edge.id === edgeOf(event));
        if (step === undefined || at === -1) return;
        event.preventDefault();
        const to = order[Math.min(order.length - 1, Math.max(0, at + step))];
        const map = (event.currentTarget as HTMLElement).closest("[data-name='fleet-map']");
        map?.querySelector<HTMLElement>(`[data-edge="${CSS.escape(to?.edge.id ?? "")}"]`)?.focus();
      },
    }),
    [order, onEdge],
  );
  const tiles = useMemo(
    () =>
      regions.map((region) => (
        <Tile
          key={region.id}
          region={region}
          edges={order.filter(({ edge }) => edge.region === region.id)}
          chosen={chosen === region.id}
          stop={stopped}
          say={say}
          hears={hears}
          onRegion={onRegion}
        />
      )),
    [regions, order, chosen, stopped, say, hears, onRegion],
  );
  const shown = order.find(({ edge }) => edge.id === pointed);
  return (
    <Panel
      title={say("map")}
      side={
        <ul class="fleet-key">
          {TONES.map((tone) => (
            <li key={tone}>
              <i class={`cell ${tone}`} aria-hidden="true" />
              {say(`tone-${tone}`)} <span class="figures strong">{number(fleet.tones[tone], language)}</span>
            </li>
          ))}
        </ul>
      }
    >
      <div class={fleet.inService > MANY ? "fleet-map dense" : "fleet-map"} data-name="fleet-map">
        {tiles}
      </div>
      {/* Every cell says the same as its label. */}
      <p class="fleet-told small" aria-hidden="true">
        {shown ? <Told known={shown} nowMs={props.nowMs} /> : <span class="quiet">{say("mapHint")}</span>}
      </p>
    </Panel>
  );
}

function Tile(props: {
  region: RegionEntry;
  edges: readonly FleetEdge[];
  chosen: boolean;
  stop: string | undefined;
  say: ReturnType<typeof useSay<typeof edgesTexts>>;
  hears: Hears;
  onRegion(region: string): void;
}) {
  const { region, edges, stop, say, hears } = props;
  const well = edges.filter(({ state }) => state.tone === "good").length;
  return (
    <div role="group" class={props.chosen ? "fleet-tile chosen" : "fleet-tile"} aria-label={region.name}>
      <button
        type="button"
        class="fleet-region"
        aria-pressed={props.chosen}
        title={region.name}
        onClick={() => props.onRegion(region.id)}
      >
        <span class="cut">{region.name}</span>
        <span class={well < edges.length ? "figures strong" : "figures quiet"}>
          {well}/{edges.length}
        </span>
      </button>
      <div class="fleet-cells">
        {edges.map(({ edge, state }) => (
          <button
            type="button"
            key={edge.id}
            class={`cell ${state.tone}`}
            data-edge={edge.id}
            tabIndex={edge.id === stop ? 0 : -1}
            onMouseOver={hears.onPoint}
            onFocus={hears.onFocus}
            onClick={hears.onOpen}
            onKeyDown={hears.onKeyDown}
            aria-label={say("cell", { id: edge.id, state: findingWords(state.findings, say) })}
          />
        ))}
      </div>
    </div>
  );
}

function Told({ known, nowMs }: { known: FleetEdge; nowMs: number }) {
  const { language } = useApp();
  const say = useSay(edgesTexts);
  const { edge, state } = known;
  const { report, lastSeenMs } = edge;
  return (
    <>
      <span class="strong">{edge.id}</span>
      <span class={state.tone === "good" ? "quiet" : `${state.tone}-text`}>
        {findingWords(state.findings, say)}
      </span>
      {report?.serves && (
        <span class="figures">
          {say("servesShort", { at: `${report.serves.epoch}/${report.serves.revision}` })}
        </span>
      )}
      {lastSeenMs !== undefined && (
        <span class="quiet">{say("heardAgo", { n: span(Math.max(0, nowMs - lastSeenMs), language) })}</span>
      )}
      {report?.boxes !== undefined && (
        <span class="quiet">{say("boxesN", { n: number(report.boxes, language) })}</span>
      )}
    </>
  );
}
