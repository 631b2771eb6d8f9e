/** What central refused, place by place. */
import type { WrongPlace } from "../../../shared/errors.ts";
import { useApp } from "../app/context.tsx";
import { fieldWords } from "../app/field-words.ts";

export function ErrorBanner(props: { title: string; errors: readonly WrongPlace[] }) {
  const { language } = useApp();
  if (props.errors.length === 0) return null;
  return (
    <div class="banner bad" role="alert">
      <p class="strong">{props.title}</p>
      <ul>
        {props.errors.map((wrong) => {
          const { place, words } = fieldWords(wrong, language);
          return (
            <li key={wrong.path + wrong.message}>
              {place && <span class="strong">{place}</span>} {words}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
