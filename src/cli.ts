#!/usr/bin/env node
import { main } from './commands/program.js';
import { guardStreams } from './commands/streams.js';

guardStreams();
await main(process.argv.slice(2));
