// Compiles into out/, one file per contract, with the compiler of node_modules: our own stand-ins in src/, and what a
// package gives as sources only. out/inputs.sha256 names what they were made from: when it still matches, nothing is
// done, and the sandbox refuses files made from anything else.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const read = (path) => readFileSync(join(here, path), 'utf8');
const say = (line) => process.stderr.write(`${line}\n`);

const files = readdirSync(join(here, 'src')).filter((name) => name.endsWith('.sol')).sort();
const ours = Object.fromEntries(files.map((name) => [name, { content: read(join('src', name)) }]));

// The same bytes, in the same order, as `contracts::inputs_hash` in the crate. The lock file stands for the packages.
const hash = createHash('sha256');
hash.update(read('compile.mjs'));
for (const name of files) hash.update(`\0${name}\0`).update(ours[name].content);
hash.update('\0package-lock.json\0').update(read('package-lock.json'));
const inputs = hash.digest('hex');

const out = join(here, 'out');
const stamp = join(out, 'inputs.sha256');
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) {
  say('contracts: up to date');
  process.exit(0);
}

const started = Date.now();
const solc = createRequire(import.meta.url)('solc-0819');

// The contracts of some sources. `folder` has what they import.
function compile(sources, folder, optimise) {
  const settings = {
    ...optimise,
    evmVersion: 'paris',
    metadata: { bytecodeHash: 'none' },
    outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.bytecode.linkReferences'] } },
  };
  const found = (path) => {
    try {
      return { contents: read(join(folder, path)) };
    } catch (error) {
      return { error: String(error) };
    }
  };
  const input = JSON.stringify({ language: 'Solidity', sources, settings });
  const result = JSON.parse(solc.compile(input, { import: found }));
  const errors = (result.errors ?? []).filter((error) => error.severity === 'error');
  for (const error of errors) say(error.formattedMessage);
  if (errors.length > 0) process.exit(1);
  return Object.keys(sources).flatMap((name) => Object.entries(result.contracts[name] ?? {}));
}

say(`contracts: compiling ${files.length} stand-ins and Morpho Blue; this takes a quarter of a minute, once`);
const plain = { optimizer: { enabled: true, runs: 200 } };
// As it was compiled for the live chains.
const thorough = { viaIR: true, optimizer: { enabled: true, runs: 999999 } };
const morpho = 'node_modules/@morpho-org/morpho-blue';
const contracts = [
  ...compile(ours, 'src', plain),
  ...compile({ 'src/Morpho.sol': { content: read(join(morpho, 'src/Morpho.sol')) } }, morpho, thorough),
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
for (const [name, contract] of contracts) {
  const { object, linkReferences } = contract.evm.bytecode;
  if (object === '') continue;
  const text = JSON.stringify({ contractName: name, bytecode: `0x${object}`, linkReferences });
  writeFileSync(join(out, `${name}.json`), text);
  say(`contracts: ${name}, ${object.length / 2} bytes`);
}
writeFileSync(stamp, inputs);
say(`contracts: done in ${Date.now() - started} ms`);
