/** One command, with a button to copy it where scripts run. */
export function CommandBlock({ heading, text, undo = false }: { heading: string; text: string; undo?: boolean }) {
  return (
    <>
      <p class="where">
        <span>{heading}</span>
      </p>
      <pre class={undo ? 'undo' : undefined} data-copy>
        {text}
      </pre>
    </>
  );
}
