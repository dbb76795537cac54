import { gridOf } from '../grid.js';
import type { ScenarioResult } from '../result.js';

/** All containers to all containers. The number says what the colour does: the round trip in milliseconds. */
export function HeatMap({ scenario }: { readonly scenario: ScenarioResult }) {
  const grid = gridOf(scenario);
  if (!grid) return null;
  return (
    <section>
      <h3>Connectivity between all containers</h3>
      <p class="dim">Rows send, columns reply; average round trip in milliseconds, darker where it is longer.</p>
      <div class="scroll">
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">from / to</th>
              {grid.names.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.cells.map((row, at) => (
              <tr key={grid.names[at]}>
                <th scope="row">{grid.names[at]}</th>
                {row.map((cell, column) => (
                  <td
                    class={cell && (cell.heat === undefined ? cell.verdict : `heat${cell.heat}`)}
                    title={cell?.title}
                    key={column}
                  >
                    {cell?.text ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
