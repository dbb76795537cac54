import { HOPS } from '../../path/hop.js';
import type { FlowPath, Measurement, Prediction } from '../../path/path.js';
import { kernelText } from '../words.js';

/** Every checked flow's way, hop for hop: the tables behind the drawing. */
export function Paths({ paths }: { readonly paths: readonly FlowPath[] }) {
  return (
    <>
      {paths.map((path) => (
        <details key={path.id}>
          <summary>
            {path.id}: {path.end ? `ends at ${path.end.hop}` : 'arrives'}
          </summary>
          <p>{path.verdict}</p>
          {kernelText(path.end?.kernel) && <p class="dim">{kernelText(path.end?.kernel)}</p>}
          <Hops path={path} />
        </details>
      ))}
    </>
  );
}

function Hops({ path }: { readonly path: FlowPath }) {
  const rows = [
    ...path.there.map((hop) => ({ ...hop, way: 'there' })),
    ...path.back.map((hop) => ({ ...hop, way: 'back' })),
  ];
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {['way', 'hop', 'on', 'what happens', 'foretold', 'measured', 'source seen'].map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ way, hop, node, text, predicted, measured, sources }, index) => (
            <tr key={index} class={measured === 'died' ? 'fail' : ''}>
              <td>{way}</td>
              <td title={HOPS[hop]}>{hop}</td>
              <td>{node}</td>
              <td>{text}</td>
              <td>{foretold(predicted)}</td>
              <td>
                {MEASURED[measured]} {measured}
              </td>
              <td>{sources?.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MEASURED: Readonly<Record<Measurement, string>> = {
  passed: '✔',
  died: '✘',
  'not reached': '·',
  'not visible': '?',
};

function foretold(predicted: Prediction): string {
  if (predicted.verdict === 'blocks') return `blocks: ${predicted.because}`;
  return predicted.verdict === 'unknown' ? `unknown: ${predicted.missing}` : 'passes';
}
