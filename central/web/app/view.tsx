/** Which view a place shows. */
import { Audit } from "../audit/audit.tsx";
import { Channels } from "../channels/channels.tsx";
import { Edges } from "../edges/edges.tsx";
import { Explain } from "../explain/explain.tsx";
import { Guide } from "../guide/guide.tsx";
import { Interactions } from "../interactions/interactions.tsx";
import { OnAir } from "../on-air/on-air.tsx";
import { People } from "../people/people.tsx";
import { Placements } from "../placements/placements.tsx";
import { Privacy } from "../privacy/privacy.tsx";
import { Publish } from "../publish/publish.tsx";
import { Results } from "../results/results.tsx";
import { System } from "../system/system.tsx";
import { Timeline } from "../timeline/timeline.tsx";
import type { Place } from "./router.ts";

export function PlaceView({ place }: { place: Place }) {
  switch (place.view) {
    case "on-air":
      return <OnAir withdraw={place.query.withdraw} />;
    case "timeline":
      return <Timeline />;
    case "interactions":
      return <Interactions id={place.id} query={place.query} />;
    case "placements":
      return <Placements id={place.id} query={place.query} />;
    case "channels":
      return <Channels id={place.id} />;
    case "explain":
      return <Explain query={place.query} />;
    case "publish":
      return <Publish />;
    case "results":
      return <Results cue={place.id} />;
    case "edges":
      return <Edges />;
    case "guide":
      return <Guide id={place.id} />;
    case "system":
      return <System />;
    case "privacy":
      return <Privacy />;
    case "people":
      return <People />;
    case "audit":
      return <Audit subject={place.query.subject} />;
  }
}
