import { expect } from "chai";
import { connect } from "../chain.ts";
import { deployPlatform } from "../platform.ts";
import { deployMarket, parametersOf } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const treasury = chain.signer(19).address;
const day = 86_400;

/** Field, its least and its greatest value on a chain of more than one machine, and its least on an embedded one. */
const bounds: [field: string, least: bigint, most: bigint, embedded: bigint][] = [
  ["bondFactorBps", 1n, 100_000n, 1n],
  ["grace", 10n, BigInt(7 * day), 1n],
  ["seatSeconds", 10n, BigInt(30 * day), 1n],
  ["minimumRoundSeconds", 10n, BigInt(30 * day), 1n],
  ["minimumProposeSeconds", 10n, BigInt(30 * day), 1n],
  ["minimumChallengeSeconds", 3600n, BigInt(30 * day), 1n],
  ["minimumValidationRows", 1n, 2n ** 32n - 1n, 1n],
  ["epochSeconds", 10n, BigInt(365 * day), 1n],
  ["epochEmission", 0n, 10n ** 30n, 0n],
  ["incentivePerStable", 0n, 10n ** 30n, 0n],
  ["challengeBond", 1n, 10n ** 12n, 1n],
  ["verdictSeconds", 10n, BigInt(30 * day), 1n],
  ["adjudicationSeconds", 10n, BigInt(30 * day), 1n],
  ["haltGap", 30n, BigInt(day), 1n],
  ["protocolFeeBps", 0n, 1000n, 0n],
];
const platform = () => deployPlatform(chain);
const at = (place: 1 | 2 | 3) => Object.fromEntries(bounds.map((bound) => [bound[0], bound[place]]));

async function refusesBoth(fields: object, field: string) {
  const { registry, manager } = await chain.loadFixture(platform);
  const any = await ethers.getContractFactory("JobMarket");
  const contracts = Object.fromEntries(
    [
      ...["registry", "assets", "privacyLedger", "usageLedger", "committee", "beacon"],
      ...["stableToken", "incentiveToken", "rules"],
    ].map((name) => [name, registry]),
  );
  const parameters = parametersOf(treasury, fields);
  const refused = (deployed: Promise<unknown>) =>
    expect(deployed).to.be.revertedWithCustomError(any, "JobMarket_BadParameter").withArgs(field);
  for (const half of ["JobOpening", "JobEnding", "JobDisputes", "JobVerdicts"]) {
    await refused(chain.deploy(half, [contracts, parameters]));
  }
  // Bounds are looked at before the half, so that one that is no contract of ours does not matter.
  await refused(chain.deploy("JobMarket", [manager, contracts, parameters, [registry, registry, registry, registry]]));
}

describe("Parameters of the market, refused", () => {
  it("open jobs that a higher tier has fewer of, or nobody has", async () => {
    await refusesBoth({ openJobsLite: 6, openJobsMember: 5, openJobsCore: 7 }, "openJobsMember");
    await refusesBoth({ openJobsLite: 1, openJobsMember: 5, openJobsCore: 4 }, "openJobsMember");
    await refusesBoth({ openJobsLite: 0, openJobsMember: 0, openJobsCore: 0 }, "openJobsCore");
  });

  it("no treasury, and a deposit above a million stable tokens", async () => {
    await refusesBoth({ treasury: ethers.ZeroAddress }, "treasury");
    await refusesBoth({ deposit: 10n ** 12n + 1n }, "deposit");
  });

  for (const [field, least, most, embedded] of bounds) {
    it(`${field} outside ${least} to ${most}`, async () => {
      if (least > 0n) await refusesBoth({ [field]: least - 1n }, field);
      if (most < 2n ** 32n - 1n || field.startsWith("epochE") || field === "challengeBond" || field.startsWith("inc")) {
        await refusesBoth({ [field]: most + 1n }, field);
        await refusesBoth({ [field]: most + 1n, embedded: true }, field);
      }
      if (embedded > 0n) await refusesBoth({ [field]: 0n, embedded: true }, field);
    });
  }
});

describe("Parameters of the market, taken", () => {
  it("at their least and at their greatest values", async () => {
    for (const fields of [at(1), { ...at(2), deposit: 10n ** 12n }, { ...at(3), embedded: true, deposit: 0n }]) {
      const own = parametersOf(treasury, fields);
      const { jobs, opening, ending, disputes, verdicts } = await deployMarket(
        chain,
        await chain.loadFixture(platform),
        own,
      );
      for (const half of [opening, ending, disputes, verdicts]) {
        expect(await jobs.configuration()).to.equal(await half.configuration());
      }
      expect([await jobs.treasury(), await jobs.grace(), await jobs.jobDeposit()]).to.deep.equal([
        treasury,
        (fields as Record<string, bigint>).grace,
        own.deposit,
      ]);
    }
  });
});
