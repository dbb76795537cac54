import { MARKS, pictureOf, type Station } from '../picture.js';
import type { ScenarioResult } from '../result.js';

/** Where the packet is lost, or where it goes: a drawing of both directions. */
export function Drawing({ scenario }: { readonly scenario: ScenarioResult }) {
  const picture = pictureOf(scenario);
  if (!picture) return null;
  const lost = [...picture.forward, ...picture.return].some(({ state }) => state === 'failed' || state === 'suspected');
  return (
    <section>
      <h3>Where the packet {lost ? 'is lost' : 'goes'}</h3>
      <p class="dim">{picture.flow}</p>
      <Row name="forward" stations={picture.forward} />
      {picture.return.length > 0 && <Row name="return" stations={picture.return} />}
      <p>{picture.caption}</p>
      {picture.kernel && <p class="dim">{picture.kernel}</p>}
    </section>
  );
}

function Row({ name, stations }: { readonly name: string; readonly stations: readonly Station[] }) {
  return (
    <ol class="way" data-name={name} aria-label={`${name} direction`}>
      {stations.map(({ node, label, description, state }, index) => (
        <li class={state.split(' ')[0]} title={`${node}, ${description}: ${state}`} key={index}>
          <span aria-label={state}>{MARKS[state]}</span> {label}
        </li>
      ))}
    </ol>
  );
}
