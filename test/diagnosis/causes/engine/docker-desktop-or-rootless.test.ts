import { dockerDesktopOrRootless } from '../../../../src/diagnosis/causes/engine/docker-desktop-or-rootless.js';
import { arriving, change, describeCause, recorded } from '../../situation.js';

const cutOff = recorded('article-first-attempt');
const desktop = change(cutOff, ({ engine }) => ({ engine: { ...engine, operatingSystem: 'Docker Desktop' } }));
const rootless = change(cutOff, ({ engine }) => ({ engine: { ...engine, rootless: true } }));

describeCause(dockerDesktopOrRootless, {
  recognises: {
    'containers on the virtual machine of Docker Desktop': desktop,
    'containers of a rootless engine': rootless,
  },
  leavesAlone: {
    'the same loss with an engine that runs as root': cutOff,
    'Docker Desktop whose checks all pass': arriving(desktop, '*'),
    'a host whose name only mentions a desktop': change(cutOff, ({ engine }) => ({
      engine: { ...engine, operatingSystem: 'Ubuntu Desktop 24.04' },
    })),
  },
});
