import hre from "hardhat";
import { packTable } from "../../offchain/valuation/shapley.ts";
import { connect, type Deployed, type TestChain } from "../../test/contracts/chain.ts";
import { gasOfBeaconRound } from "../../test/contracts/gas/beaconRound.ts";
import { gasOfEntryPoints } from "../../test/contracts/gas/entryPoints.ts";
import { jobGas, settledJobs, steps, type Valued, warmUp } from "../../test/contracts/market/jobGas.ts";
import { deployPlatform, type Platform } from "../../test/contracts/platform.ts";
import { stream } from "../../test/contracts/settlement/games.ts";
import { brought, deal } from "../../test/contracts/settlement/sharings.ts";
import type { Figure } from "../bench.ts";

// Gas on the rules of GoQuorum (Berlin) unless FARSHORE_TEST_NETWORK names others.

/** Players, and the most gas that exact Shapley may use: the table of numbers to reach. */
const shapleyBars = [
  [8, 160_000],
  [10, 520_000],
  [12, 2_000_000],
] as const;
/** Contributors and committee (k, t, m). */
const sharings = [
  [3, 5, 2, 4],
  [12, 5, 2, 4],
  [64, 10, 3, 7],
] as const;
const wholeJobBar = 650_000;
/** Contributors of whole jobs, and how many settled ones of each the steady figure is the mean of. */
const wholeJobs = [
  [3, 8],
  [8, 2],
  [12, 2],
] as const;
/** Measured on their own contracts or taken from their documents: the table of numbers to reach. */
const peers = [
  ["Ocean, lock + claim, result unverified", 379_569],
  ["Chainlink Functions, request + fulfil", 378_000],
  ["Lilypad, no dispute", 1_655_469],
  ["iExec PoCo, 2 workers", 2_165_565],
] as const;
const certifyBar = 60_000;
const payoutPlayers = 12;
/** Enough that a carry through six mountains is among them; reported per leaf. */
const appends = 64;
const oracles = 12;
const committee = 5;

/** Gas of settlement's arithmetic and of a draw, each alone, and of one leaf of the usage ledger by its receipt. */
export async function gasFigures(): Promise<readonly Figure[]> {
  await hre.tasks.getTask("build").run({ quiet: true });
  const chain = await connect();
  const platform = await deployPlatform(chain);
  const settlement = await chain.deploy("SettlementHarness");
  return [
    ...(await shapleyFigures(chain, settlement)),
    await payoutFigure(settlement),
    ...(await appendFigures(chain, platform)),
    await drawFigure(chain),
    ...(await reconstructFigures(chain)),
    ...(await entryPointFigures()),
    ...(await wholeJobFigures("exact", ...wholeJobs[0])),
    ...peers.map(([name, used]) => figure(`  peer: ${name}`, BigInt(used), null)),
    ...(await wholeJobFigures("projected", ...wholeJobs[0])),
    ...(await largerJobFigures()),
  ];
}

/** Every call that participants make, by itself: what test/contracts/gas/snapshot.json holds CI to; and the beacon's round. */
async function entryPointFigures(): Promise<Figure[]> {
  const gas = [...(await gasOfEntryPoints(await connect())), ...(await gasOfBeaconRound(await connect()))];
  return gas.map(([name, used]) => figure(name, BigInt(used), null));
}

/** A settled job, its steps, its certified rounds, and the first one of a market's life. */
async function wholeJobFigures(valued: Valued, contributors: number, measured: number): Promise<Figure[]> {
  const jobs = await settledJobs(await connect(), warmUp + measured, valued, contributors);
  const [steady, first] = [jobGas(jobs.slice(warmUp)), jobGas(jobs.slice(0, 1))];
  const name = `whole-job n=${contributors}${valued === "exact" ? "" : " projected"}`;
  const small = contributors === 3;
  const rounds = jobs[0]?.terms.rounds ?? 0;
  return [
    figure(`${name} steady`, BigInt(steady.total), small ? wholeJobBar : null),
    ...steps.map((step) => figure(`  ${step}`, BigInt(steady.byStep[step] as number), null)),
    figure(
      small && valued === "exact" ? "certify" : `${name} certify`,
      BigInt(steady.certify),
      small ? certifyBar : null,
    ),
    figure(`${name} steady with ${rounds} rounds`, BigInt(steady.total + rounds * steady.certify), null),
    figure(`${name} first`, BigInt(first.total), null),
  ];
}

async function largerJobFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [contributors, measured] of wholeJobs.slice(1)) {
    figures.push(...(await wholeJobFigures("exact", contributors, measured)));
    figures.push(...(await wholeJobFigures("projected", contributors, measured)));
  }
  return figures;
}

/** Reconstruction alone, of scores from the words of all seats but one. */
async function reconstructFigures(chain: TestChain): Promise<Figure[]> {
  const scores = await chain.deploy("ScoresHarness");
  const figures: Figure[] = [];
  for (const [players, k, t, m] of sharings) {
    const secrets = Array.from({ length: players }, (_, i) => BigInt(i + 1) * 10n ** 15n);
    const seats = Array.from({ length: m }, (_, seat) => k - m + seat);
    const { bytes, signers } = brought(deal(secrets, t, k, stream("gas")), seats);
    const used: bigint = await scores.gasOfReconstruct(chain.ethers.hexlify(bytes), signers, t, players);
    figures.push(figure(`reconstruct ${players} scores from ${m} of ${k} seats`, used, null));
  }
  return figures;
}

async function shapleyFigures(chain: TestChain, settlement: Deployed): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [players, bar] of shapleyBars) {
    const table = Array.from({ length: 2 ** players }, (_, mask) => BigInt((mask * 7919) % 1_000_003) - 500_000n);
    const used: bigint = await settlement.gasOfWeights(chain.ethers.hexlify(packTable(table)), players);
    figures.push(figure(`exact Shapley, ${players} players`, used, bar));
  }
  return figures;
}

async function payoutFigure(settlement: Deployed): Promise<Figure> {
  const scores = Array.from({ length: payoutPlayers }, (_, i) => BigInt((i * 7919) % 97) * 10n ** 9n + 1n);
  return figure(`payout, ${payoutPlayers} players`, await settlement.gasOfSplit(1_000_000_007n, scores), null);
}

/** One leaf in a transaction of its own: mean and worst of a run of appends onto a ledger that is not empty. */
async function appendFigures(chain: TestChain, { usage, market }: Platform): Promise<Figure[]> {
  const writer = usage.connect(market);
  for (let i = 0; i < appends; i++) await writer.append(...factsOf(chain, i));
  const used: bigint[] = [];
  for (let i = 0; i < appends; i++) used.push(await gasUsed(await writer.append(...factsOf(chain, i))));
  const sum = used.reduce((total, gas) => total + gas, 0n);
  const worst = used.reduce((most, gas) => (gas > most ? gas : most), 0n);
  return [
    figure("usage ledger, append one leaf, mean", sum / BigInt(appends), null),
    figure("usage ledger, append one leaf, worst", worst, null),
  ];
}

/** Weights and picks of a committee; what locks the seats' bonds is part of a job's gas. */
async function drawFigure(chain: TestChain): Promise<Figure> {
  const { id } = chain.ethers;
  const address = (text: string) => chain.ethers.getAddress(id(text).slice(0, 42));
  const candidates = Array.from({ length: oracles }, (_, i) => ({
    ...{ account: address(`account ${i}`), operator: address(`operator ${i}`) },
    ...{ group: 10 + i, stake: BigInt(i + 1) * 10n ** 22n },
  }));
  const rules = { k: committee, t: 2, buyerGroup: 1, evaluatorGroup: 0, contributorGroups: [10, 11, 12] };
  const draw = await chain.deploy("CommitteeDrawHarness");
  const used: bigint = await draw.gasOfDraw(candidates, id("job"), id("seed"), rules);
  return figure(`draw of ${committee} from ${oracles} oracles`, used, null);
}

/** Arguments of `append`: a job's facts and those of its one asset. */
function factsOf(chain: TestChain, index: number) {
  const word = (field: string) => chain.ethers.id(`${field} ${index}`);
  const account = (field: string) => chain.ethers.getAddress(word(field).slice(0, 42));
  const job = {
    ...{ jobId: word("job"), buyer: account("buyer"), purpose: 1, legalBasis: 6, termsHash: word("terms") },
    ...{ codeHash: word("code"), rulesVersion: 1, aggregation: 0, rhoNano: 500n, roundsDigest: word("rounds") },
    ...{ modelRoot: word("model"), outcome: 1, time: 1_700_000_000n },
  };
  const asset = { assetId: index + 1, version: 1, datasetRoot: word("dataset"), institution: account("institution") };
  return [job, [asset]] as const;
}

async function gasUsed(sent: { wait(): Promise<{ gasUsed: bigint }> }): Promise<bigint> {
  return (await sent.wait()).gasUsed;
}

function figure(name: string, used: bigint, bar: number | null): Figure {
  return { name, value: Number(used), unit: "gas", bar, baseline: null, ratio: null };
}
