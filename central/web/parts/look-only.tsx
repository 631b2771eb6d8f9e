/** In the place of Save, where the role may look and no more. */
import { useSay } from "../app/context.tsx";
import { Pill } from "./layout.tsx";
import { layoutTexts } from "./texts.ts";

export function LookOnly() {
  const say = useSay(layoutTexts);
  return <Pill>{say("lookOnly")}</Pill>;
}
