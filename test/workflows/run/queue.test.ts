import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan } from '../../../src/scenario/plan.js';
import { PlanQueue } from '../../../src/workflows/run/queue.js';

const plan = (id: string, topologyKey: string) => ({ id, topologyKey }) as Plan;
const ids = (...plans: readonly (Plan | undefined)[]) => plans.map((one) => one?.id);

describe('plans that wait', () => {
  it('plans follow each other on the same topology, in the order they were given', () => {
    const queue = new PlanQueue([plan('a1', 'a'), plan('b1', 'b'), plan('a2', 'a')]);
    expect(ids(queue.next(), queue.on('a'), queue.on('a'), queue.next(), queue.next())).to.deep.equal([
      ...['a1', 'a2', undefined],
      ...['b1', undefined],
    ]);
  });

  it('a second worker gets the next topology, and helps with a long one when no other is left', () => {
    const queue = new PlanQueue(['a1', 'a2', 'a3', 'a4', 'a5', 'b1'].map((id) => plan(id, id.slice(0, 1))));
    expect(ids(queue.next(), queue.next(), queue.next())).to.deep.equal(['a1', 'b1', 'a2']);
  });

  it('a few plans are left to the worker that has their topology', () => {
    const queue = new PlanQueue(['a1', 'a2', 'a3'].map((id) => plan(id, 'a')));
    expect(ids(queue.next(), queue.next(), queue.on('a'), queue.on('a'))).to.deep.equal(['a1', undefined, 'a2', 'a3']);
  });

  it('a plan that was given back comes first, and the next free worker creates its topology again', () => {
    const queue = new PlanQueue(['a1', 'a2', 'b1'].map((id) => plan(id, id.slice(0, 1))));
    const lost = queue.next()!;
    expect(ids(lost, queue.next())).to.deep.equal(['a1', 'b1']);
    queue.giveBack(lost);
    expect(ids(queue.on('b'), queue.next(), queue.on('a'))).to.deep.equal([undefined, 'a1', 'a2']);
  });

  it('plans wait for their topology to be created again once it no longer exists, however few they are', () => {
    const queue = new PlanQueue(['a1', 'a2', 'b1'].map((id) => plan(id, id.slice(0, 1))));
    expect(ids(queue.next(), queue.next())).to.deep.equal(['a1', 'b1']);
    expect([queue.has(), queue.has('a'), queue.has('b')]).to.deep.equal([true, true, false]);
    queue.reopen('a');
    expect(ids(queue.next(), queue.next())).to.deep.equal(['a2', undefined]);
    expect(queue.has()).to.equal(false);
  });

  it('each plan is handed out once, however many workers there are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (keys, count) => {
        const plans = keys.map((key, at) => plan(String(at), String(key)));
        const queue = new PlanQueue(plans);
        const standing: (string | undefined)[] = Array.from({ length: count }, () => undefined);
        const handed: string[] = [];
        for (let idle = 0, at = 0; idle < count; at = (at + 1) % count) {
          const topology = standing[at];
          const next = (topology === undefined ? undefined : queue.on(topology)) ?? queue.next();
          standing[at] = next?.topologyKey;
          idle = next ? 0 : idle + 1;
          if (next) handed.push(next.id);
        }
        expect(handed.toSorted()).to.deep.equal(plans.map(({ id }) => id).toSorted());
      }),
    );
  });
});
