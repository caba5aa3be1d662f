// Drives the policy engine of @google/gemini-cli-core for the bench, one line in, one line out:
//   {"rules":{"10":[...]},"calls":{"TOOL":{...}}}   -> the package's version
//   effect CALL SIZE                                -> allow, ask or deny
//   measure CALL SIZE MILLIS                        -> the median of one check, in nanoseconds
// Started with the folder that holds node_modules. Ends when its input ends.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// The engine writes a debug line at every step; the real program catches these. Here they cost
// nothing.
for (const level of ['debug', 'log', 'info', 'warn']) console[level] = () => {};

const root = join(process.argv[2], 'node_modules', '@google', 'gemini-cli-core');
const load = (file) => import(pathToFileURL(join(root, 'dist', 'src', file)).href);
const { PolicyEngine } = await load('policy/policy-engine.js');
const { buildArgsPatterns } = await load('policy/utils.js');

const engines = new Map();
let calls;

/** As the engine's own loader of policy files makes them. */
function rule({ commandPrefix, argsPattern, ...rest }) {
  const [pattern] = buildArgsPatterns(argsPattern, commandPrefix, undefined);
  return pattern === undefined ? rest : { ...rest, argsPattern: new RegExp(pattern) };
}

function setUp(setup) {
  calls = setup.calls;
  for (const [size, rules] of Object.entries(setup.rules)) {
    engines.set(size, new PolicyEngine({ rules: rules.map(rule) }));
  }
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

async function effect(call, size) {
  const { decision } = await engines.get(size).check(calls[call], undefined);
  return decision === 'ask_user' ? 'ask' : decision;
}

async function measure(call, size, millis) {
  const engine = engines.get(size);
  const asked = calls[call];
  const samples = [];
  let now = process.hrtime.bigint();
  const end = now + BigInt(millis) * 1_000_000n;
  do {
    now = process.hrtime.bigint();
    await engine.check(asked, undefined);
    samples.push(Number(process.hrtime.bigint() - now));
  } while (now < end);
  samples.sort((a, b) => a - b);
  return samples[samples.length >> 1];
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const [verb, ...words] = line.startsWith('{') ? ['rules'] : line.split(' ');
    if (verb === 'rules') answer = setUp(JSON.parse(line));
    else if (verb === 'effect') answer = await effect(...words);
    else answer = await measure(...words);
  } catch (error) {
    answer = `error ${String(error).replaceAll('\n', ' ')}`;
  }
  process.stdout.write(`${answer}\n`);
}
