/** Why there is no connection to an engine, with a code as the operating system gives one: `ETIMEDOUT`. */
export class ConnectionError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
