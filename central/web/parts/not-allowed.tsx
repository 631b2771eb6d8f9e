/** Instead of a view that the role may not see: somebody followed a link. */
import { useSay } from "../app/context.tsx";
import { Empty, Panel, View } from "./layout.tsx";
import { layoutTexts } from "./texts.ts";

export function NotAllowed({ title }: { title: string }) {
  const say = useSay(layoutTexts);
  return (
    <View title={title}>
      <Panel>
        <Empty title={say("notAllowed")}>{say("notAllowedDo")}</Empty>
      </Panel>
    </View>
  );
}
