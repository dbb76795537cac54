import { expect } from 'chai';
import type { Shell } from '../../../src/engine/engine.js';
import type { ScenarioResult } from '../../../src/report/result.js';
import type { FaultPlan, Plan } from '../../../src/scenario/plan.js';
import type { LiveNode } from '../../../src/topology/node.js';
import { LeftOvers, withLeftOver } from '../../../src/workflows/run/left-over.js';

const node = (name: string, kind: LiveNode['kind']): LiveNode => ({
  name,
  kind,
  addresses: [],
  enter: [],
  pid: undefined,
});
const NODES = [node('host', 'host'), node('gateway', 'gateway')];

const command = (on: string, undo?: string) => ({ kind: 'command', on, run: 'touch /tmp/x', undo }) as FaultPlan;
const planWith = (...faults: readonly FaultPlan[]) => ({ id: 'first', faults }) as unknown as Plan;
const result = (proof: 'verified' | 'not tried' = 'not tried') =>
  ({ remedy: { proof }, warnings: ['one'], causes: [] }) as unknown as ScenarioResult;

/** Each reading gives the next state: for each node the rules it has. */
function comparing(...states: readonly (readonly string[])[]) {
  let reading = 0;
  const scripts: string[] = [];
  const shell: Shell = {
    run(script) {
      scripts.push(script);
      const state = script.startsWith('sleep') ? [] : (states[Math.min(reading++, states.length - 1)] ?? []);
      const asked = [...script.matchAll(/== (\d)/g)].map(([, index]) => Number(index));
      const printed = state.map((rules, index) => (asked.includes(index) ? `== ${index} ip\n${rules}\n` : '')).join('');
      return Promise.resolve({ stdout: Buffer.from(printed), stderr: '', exitCode: 0 });
    },
  };
  return { leftOvers: new LeftOvers({ shell, nodes: NODES }), scripts };
}

describe('what a scenario leaves behind', () => {
  it('an unchanged topology has nothing left over, and costs no second reading', async () => {
    const { leftOvers, scripts } = comparing(['a', 'b'], ['a', 'b']);
    await leftOvers.begin(true);
    expect(await leftOvers.by(planWith(command('host', 'true')), result(), [])).to.equal(undefined);
    expect(scripts).to.have.length(2);
  });

  it('a change is on the host, or on a node that is removed with the topology', async () => {
    for (const [after, onHost] of [
      [['a', 'b', 'c'], false],
      [['a\nx', 'b'], true],
      [['a', 'b\nx'], false],
    ] as const) {
      const { leftOvers } = comparing(['a', 'b'], after.slice(0, 2));
      await leftOvers.begin(true);
      const left = await leftOvers.by(planWith(command('host', 'true')), result(), []);
      expect(left?.onHost ?? false, String(after)).to.equal(onHost);
    }
  });

  it('a change is told by node and line', async () => {
    const { leftOvers } = comparing(['a', 'b'], ['a', 'x']);
    await leftOvers.begin(true);
    const left = await leftOvers.by(planWith(command('gateway', 'true')), result(), []);
    expect(left?.what).to.deep.equal(['After the undo, gateway differs from before: it has "x", and lacks "b".']);
  });

  it('a difference that disappears by itself in a moment is not left over', async () => {
    const { leftOvers } = comparing(['a', 'b'], ['a', ''], ['a', 'b']);
    await leftOvers.begin(true);
    expect(await leftOvers.by(planWith(command('host', 'true')), result(), [])).to.equal(undefined);
  });

  it('a fault without an undo, and an undo that failed, are left over even when nothing differs', async () => {
    for (const [fault, notUndone, onHost] of [
      [command('gateway'), [], false],
      [command('host'), [], true],
      [command('host', 'false'), ['Could not undo the faults of first: no'], true],
      [command('gateway', 'false'), ['Could not undo the faults of first: no'], false],
    ] as const) {
      const { leftOvers } = comparing(['a', 'b']);
      await leftOvers.begin(true);
      expect(await leftOvers.by(planWith(fault), result(), notUndone)).to.have.property('onHost', onHost);
    }
  });

  it('state is read only where a fault was injected or a remedy applied', async () => {
    const { leftOvers, scripts } = comparing(['a', 'b'], ['x', 'b']);
    await leftOvers.begin(true);
    expect(await leftOvers.by(planWith(), result(), [])).to.equal(undefined);
    expect(scripts).to.have.length(1);
    expect(await leftOvers.by(planWith(), result('verified'), [])).to.have.property('onHost', true);
  });

  it('state is read of the host alone where no other scenario uses the topology', async () => {
    const { leftOvers, scripts } = comparing(['a'], ['a']);
    await leftOvers.begin(false);
    await leftOvers.by(planWith(command('host', 'true')), result(), []);
    expect(scripts.every((script) => !script.includes("'== 1"))).to.equal(true);
  });

  it('state is read again only of nodes that commands may have changed', async () => {
    const { leftOvers, scripts } = comparing(['a', 'b']);
    await leftOvers.begin(true);
    await leftOvers.begin(true);
    const fault = { kind: 'catalogue', fault: 'host-ip-forward-off', parameters: {} } as unknown as FaultPlan;
    await leftOvers.by(planWith(fault), result(), []);
    expect(scripts.map((script) => script.includes("'== 1") || script.includes('== 1 ip'))).to.deep.equal([
      true,
      false,
    ]);
  });

  it('warnings say what is left over, and what is done about it', () => {
    const { warnings } = withLeftOver(result(), { onHost: true, what: ['two'] }, 'reset');
    expect(warnings).to.deep.equal(['one', 'two', 'The lab is reset before another scenario runs.']);
  });
});
