import type { FlowPath, HopObservation } from '../../path/path.js';
import { HOP_TEXTS } from '../words/hop.js';
import { kernelText, pathVerdictText, predictionText } from '../words/path.js';

/** Every checked flow's way, hop for hop: the tables behind the drawing. */
export function FlowPaths({ paths }: { readonly paths: readonly FlowPath[] }) {
  return (
    <>
      {paths.map((path) => (
        <details key={path.id}>
          <summary>
            {path.id}: {path.end ? `ends at ${path.end.hop}` : 'arrives'}
          </summary>
          <p>{pathVerdictText(path)}</p>
          {kernelText(path.end?.kernel) && <p class="dim">{kernelText(path.end?.kernel)}</p>}
          <Hops path={path} />
        </details>
      ))}
    </>
  );
}

function Hops({ path }: { readonly path: FlowPath }) {
  const rows = [
    ...path.forward.map((hop) => ({ ...hop, way: 'forward' })),
    ...path.return.map((hop) => ({ ...hop, way: 'return' })),
  ];
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {['direction', 'hop', 'on', 'what happens', 'predicted', 'observed', 'source seen'].map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ way, hop, driver, node, text, predicted, observed, sources }, index) => (
            <tr key={index} class={observed === 'lost' ? 'fail' : ''}>
              <td>{way}</td>
              <td title={HOP_TEXTS[hop]}>{hop === 'ipvlan' ? (driver ?? hop) : hop}</td>
              <td>{node}</td>
              <td>{text}</td>
              <td>{predictionText(predicted)}</td>
              <td>
                {MEASURED[observed]} {observed === 'lost' ? 'lost here' : observed}
              </td>
              <td>{sources?.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MEASURED: Readonly<Record<HopObservation, string>> = {
  passed: '✔',
  lost: '✘',
  'not reached': '·',
  'not visible': '?',
};
