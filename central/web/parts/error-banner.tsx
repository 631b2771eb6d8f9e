/** What central refused, place by place. */
export function ErrorBanner(props: { title: string; errors: readonly { path: string; message: string }[] }) {
  if (props.errors.length === 0) return null;
  return (
    <div class="banner bad" role="alert">
      <p class="strong">{props.title}</p>
      <ul>
        {props.errors.map(({ path, message }) => (
          <li key={path + message}>
            {path && <span class="mono">{path}</span>} {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
