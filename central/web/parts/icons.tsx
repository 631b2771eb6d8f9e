/** Line drawings of 20 × 20, in the colour of the text around them. Our own. */

const PATHS = {
  "on-air":
    "M10 10v7M7 17h6M6.5 6.5a5 5 0 0 0 0 7M13.5 6.5a5 5 0 0 1 0 7M4 4a8.5 8.5 0 0 0 0 12M16 4a8.5 8.5 0 0 1 0 12",
  timeline: "M3 5h7M7 10h9M5 15h6M3 2.5v15",
  interactions: "M3 4h14v9H9l-4 3.5V13H3zM7 8.5h6",
  placements: "M4 4h12v12H4zM4 8h12M8 2.5V5M12 2.5V5M8 12h4",
  publish: "M10 16V4M5 8.5 10 3.5l5 5M4 16.5h12",
  results: "M4 16V9M8 16V4M12 16v-6M16 16V7M3 16.5h14",
  edges: "M4 4h12v4H4zM4 12h12v4H4zM6.5 6h.01M6.5 14h.01",
  guide: "M4 3.5h9a3 3 0 0 1 3 3v10H7a3 3 0 0 1-3-3zM7 7.5h6M7 10.5h6",
  channels: "M3 4.5h5v4H3zM3 11.5h5v4H3zM11 6.5h6M11 13.5h6",
  explain:
    "M4 3.500h12v10H11l-3.5 3v-3H4zM8.3 6.800a1.8 1.8 0 1 1 2.6 1.600c-.6.3-.9.7-.9 1.200M10 11.400h.01",
  check: "M4.5 10.5 8.500 14.500 15.500 6",
  system: "M3.5 4.500h13v8h-13zM7 16.500h6M10 12.500v4M6.500 9.500l2-2 2 1.500 3-3",
  privacy: "M10 2.500 4 5v4.500c0 4 2.500 6.500 6 8 3.500-1.500 6-4 6-8V5zM7.500 10l2 2 3.500-3.500",
  people:
    "M7.5 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 16.5c0-3 2-5 5-5s5 2 5 5M13 3.5a3 3 0 0 1 0 5.5M14 12c2.2.5 3.5 2.2 3.5 4.5",
  audit: "M6 3.500h8l3 3v10H6zM3.5 6v11.500M9 8.500h5M9 11.500h5",
  search: "M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M13 13l4 4",
  moon: "M16 11.500A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5",
  sun: "M10 13.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M10 2v1.500M10 16.500V18M2 10h1.500M16.5 10H18M4.3 4.300l1.1 1.100M14.6 14.600l1.1 1.100M15.7 4.300l-1.1 1.100M5.4 14.600l-1.1 1.1",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5 5 15",
  help: "M7.5 7.500A2.5 2.5 0 0 1 12.5 7.500c0 2-2.5 2-2.5 4M10 14.500h.01",
  warn: "M10 3 2.5 16.500h15zM10 8v4M10 14.500h.01",
  out: "M12 4H4v12h8M9 10h8M14 7l3 3-3 3",
  archive: "M3 4h14v3.500H3zM4.5 7.500h11v8.500h-11zM8 10.500h4",
  copy: "M7 7h9v9H7zM13 7V4H4v9h3",
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
