// Compiles into out/, one file per contract, with the compilers of node_modules: our own stand-ins in src/, and what
// packages give as sources only. out/inputs.sha256 names what they were made from: when it still matches, nothing is
// done, and the sandbox refuses files made from anything else.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const here = fileURLToPath(new URL('.', import.meta.url));
const read = (path) => readFileSync(join(here, path), 'utf8');
const say = (line) => process.stderr.write(`${line}\n`);

const files = readdirSync(join(here, 'src')).filter((name) => name.endsWith('.sol')).sort();
const logic = ['Borrow', 'Supply', 'Liquidation', 'Pool', 'Configurator', 'FlashLoan'];

// Sources of one kind: where they are, which compiler takes them and how, and where their imports are.
const jobs = [
  {
    folder: 'src',
    sources: files,
    solc: 'solc-0819',
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'paris' },
    imports: [],
  },
  {
    folder: 'node_modules/@morpho-org/morpho-blue',
    sources: ['src/Morpho.sol'],
    solc: 'solc-0819',
    // As it was compiled for the live chains.
    settings: { viaIR: true, optimizer: { enabled: true, runs: 999999 }, evmVersion: 'paris' },
    imports: [],
  },
  {
    folder: 'node_modules/@aave-dao/aave-v3-origin',
    sources: [
      'instances/PoolInstance',
      'instances/PoolConfiguratorInstance',
      'instances/ATokenInstance',
      'instances/VariableDebtTokenInstance',
      'misc/AaveOracle',
      'misc/DefaultReserveInterestRateStrategyV2',
      'protocol/configuration/PoolAddressesProvider',
      'protocol/configuration/ACLManager',
      'helpers/AaveProtocolDataProvider',
      'helpers/WrappedTokenGatewayV3',
      ...logic.map((name) => `protocol/libraries/logic/${name}Logic`),
    ].map((name) => `src/contracts/${name}.sol`),
    solc: 'solc-0827',
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'shanghai' },
    imports: [
      ['openzeppelin-contracts/contracts/', 'node_modules/@openzeppelin/contracts/'],
      ['solidity-utils/', 'node_modules/@bgd-labs/solidity-utils/src/'],
    ],
  },
];

// The contracts of a job that have code, or what is wrong with their sources.
function compile({ folder, sources, solc, settings, imports }) {
  const find = (path) => {
    const [from, to] = imports.find(([from]) => path.startsWith(from)) ?? ['', `${folder}/`];
    try {
      return { contents: read(join(to, path.slice(from.length))) };
    } catch (error) {
      return { error: String(error) };
    }
  };
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(sources.map((name) => [name, { content: read(join(folder, name)) }])),
    settings: {
      ...settings,
      metadata: { bytecodeHash: 'none' },
      outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.bytecode.linkReferences'] } },
    },
  };
  const compiler = createRequire(import.meta.url)(solc);
  const result = JSON.parse(compiler.compile(JSON.stringify(input), { import: find }));
  const wrong = (result.errors ?? []).filter((error) => error.severity === 'error');
  if (wrong.length > 0) return { wrong: wrong.map((error) => error.formattedMessage) };
  // The contract a file is named after; other contracts in it are only used by that one.
  const named = sources.map((source) => [basename(source, '.sol'), result.contracts[source]]);
  return { contracts: named.map(([name, all]) => ({ name, ...all[name].evm.bytecode })) };
}

if (!isMainThread) {
  parentPort.postMessage(compile(workerData));
} else {
  // The same bytes, in the same order, as `contracts::inputs_hash` in the crate. The lock file stands for the packages.
  const hash = createHash('sha256');
  hash.update(read('compile.mjs'));
  for (const name of files) hash.update(`\0${name}\0`).update(read(join('src', name)));
  hash.update('\0package-lock.json\0').update(read('package-lock.json'));
  const inputs = hash.digest('hex');

  const out = join(here, 'out');
  const stamp = join(out, 'inputs.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) {
    say('contracts: up to date');
    process.exit(0);
  }
  say('contracts: compiling the stand-ins, Morpho Blue and Aave 3.6; this takes half a minute, once');
  const started = Date.now();
  const run = (job) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: job });
      worker.once('message', resolve).once('error', reject);
    });
  const results = await Promise.all(jobs.map(run));
  for (const message of results.flatMap((result) => result.wrong ?? [])) say(message);
  if (results.some((result) => result.wrong)) process.exit(1);

  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  for (const { name, object, linkReferences } of results.flatMap((result) => result.contracts)) {
    writeFileSync(join(out, `${name}.json`), JSON.stringify({ contractName: name, bytecode: `0x${object}`, linkReferences }));
    say(`contracts: ${name}, ${object.length / 2} bytes`);
  }
  writeFileSync(stamp, inputs);
  say(`contracts: done in ${Date.now() - started} ms`);
}
