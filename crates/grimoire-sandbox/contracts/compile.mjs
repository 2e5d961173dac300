// Compiles our own stand-ins in src/ into out/, one file per contract, with the compiler of node_modules.
// out/inputs.sha256 names what they were made from: when it still matches, nothing is done, and the sandbox
// refuses files made from anything else.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const read = (path) => readFileSync(join(here, path), 'utf8');
const say = (line) => process.stderr.write(`${line}\n`);

const files = readdirSync(join(here, 'src')).filter((name) => name.endsWith('.sol')).sort();
const sources = Object.fromEntries(files.map((name) => [name, { content: read(join('src', name)) }]));

// The same bytes, in the same order, as `stand_ins::inputs_hash` in the crate.
const hash = createHash('sha256');
hash.update(read('compile.mjs'));
for (const name of files) hash.update(`\0${name}\0`).update(sources[name].content);
const inputs = hash.digest('hex');

const out = join(here, 'out');
const stamp = join(out, 'inputs.sha256');
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) {
  say('stand-ins: up to date');
  process.exit(0);
}

say(`stand-ins: compiling ${files.length} files`);
const started = Date.now();
const solc = createRequire(import.meta.url)('solc-0819');
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'paris',
  metadata: { bytecodeHash: 'none' },
  outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.bytecode.linkReferences'] } },
};
const result = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
const errors = (result.errors ?? []).filter((error) => error.severity === 'error');
for (const error of result.errors ?? []) say(error.formattedMessage);
if (errors.length > 0) process.exit(1);

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
for (const contracts of Object.values(result.contracts)) {
  for (const [name, contract] of Object.entries(contracts)) {
    const { object, linkReferences } = contract.evm.bytecode;
    if (object === '') continue;
    writeFileSync(join(out, `${name}.json`), JSON.stringify({ contractName: name, bytecode: `0x${object}`, linkReferences }));
    say(`stand-ins: ${name}, ${object.length / 2} bytes`);
  }
}
writeFileSync(stamp, inputs);
say(`stand-ins: done in ${Date.now() - started} ms`);
