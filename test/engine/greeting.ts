import type { RequestListener } from 'node:http';

/** As much of Docker's API as a greeting takes. */
export const greet: RequestListener = (request, response) => {
  const version = { Version: '26.1.5', ApiVersion: '1.45', KernelVersion: '6.12.30' };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(request.url === '/version' ? version : { OperatingSystem: 'Debian', Labels: [] }));
};
