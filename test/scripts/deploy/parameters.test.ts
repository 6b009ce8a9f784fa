import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { PublicClient } from "viem";
import { checkDeployment } from "../../../deploy/checkDeployment.ts";
import { checkParameters, disputeSeconds, type Parameters } from "../../../deploy/checkParameters.ts";
import { bigintOf } from "../../../deploy/deploy.ts";
import type { Manifest } from "../../../offchain/chain/manifest.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "deploy", "parameters");
const read = (network: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, `${network}.json`), "utf8"), bigintOf).Farshore;
const account = (i: number) => `0x${String(i).padStart(40, "0")}` as const;
const deployer = account(99);
const stake = 10_000n * 10n ** 18n;
const founders = [1, 2, 3, 4, 5].map(account);
/** A network's parameters as its operators complete them. */
const named = { ...read("quorum"), genesisRecipients: founders, genesisAmounts: founders.map(() => 2n * stake) };

function refusal(parameters: Parameters): object {
  try {
    checkParameters(parameters, deployer);
  } catch (error) {
    if (error instanceof FarshoreError && error.code === "deploy/bad-parameter") return error.facts ?? {};
    throw error;
  }
  return {};
}

describe("Parameters of a deployment are refused", () => {
  it("where a stake may leave before the last window of a dispute is over", () => {
    for (const parameters of [named, read("embedded")]) {
      const needed = disputeSeconds(parameters);
      expect(refusal({ ...parameters, exitDelaySeconds: needed })).to.include({
        field: "exitDelaySeconds",
        value: String(needed),
      });
      expect(refusal({ ...parameters, exitDelaySeconds: needed + 1 })).to.deep.equal({});
    }
    // 30 days, 900 s, 1 day, 7 days and three times 600 s.
    expect(disputeSeconds(named)).to.equal(30 * 86_400 + 900 + 86_400 + 604_800 + 1800);
  });

  it("where the AccessManager's delay for its administrator is not the Constitution's", () => {
    for (const administratorDelay of [172_799, 0, undefined]) {
      expect(refusal({ ...named, administratorDelay })).to.include({
        field: "administratorDelay",
        value: String(administratorDelay),
        needed: "172800, which is constitution.delay",
      });
    }
    expect(refusal({ ...named, constitution: {} })).to.include({ field: "administratorDelay" });
  });

  it("as they stand in quorum.json: nobody is named who founds the network", () => {
    expect(refusal(read("quorum"))).to.deep.equal({
      field: "genesisRecipients",
      value: "0",
      needed: "5 founding oracles at least",
    });
  });

  it("where the genesis allocation is the deployer's, too few oracles', one's twice, nobody's, or too small to stake", () => {
    const wrong: [object, string][] = [
      [{ genesisRecipients: [...founders.slice(1), deployer] }, "genesisRecipients"],
      [
        { genesisRecipients: founders.slice(1), genesisAmounts: founders.slice(1).map(() => stake) },
        "genesisRecipients",
      ],
      [{ genesisRecipients: [...founders.slice(1), founders[1]] }, "genesisRecipients"],
      [{ genesisRecipients: [...founders.slice(1), "deployer"] }, "genesisRecipients"],
      [{ genesisAmounts: founders.map((_, i) => (i === 3 ? stake - 1n : stake)) }, "genesisAmounts"],
      [{ genesisAmounts: [stake] }, "genesisAmounts"],
      [{ genesisAmounts: founders.map(() => 10n ** 27n) }, "genesisAmounts"],
    ];
    for (const [fields, field] of wrong) expect(refusal({ ...named, ...fields })).to.include({ field });
  });

  it("never where the founding oracles are named, and on the embedded chain where the deployer stands for them", () => {
    expect(refusal(named)).to.deep.equal({});
    expect(refusal({ ...read("embedded"), genesisRecipients: [deployer] })).to.deep.equal({});
  });
});

describe("A deployment that is read back", () => {
  const contracts = { AccessManager: account(11), Constitution: account(12), OracleCommittee: account(13) };
  const manifest = { contracts: { ...contracts, IncentiveToken: account(14) } } as unknown as Manifest;
  const right = { delayFloor: 172_800n, baseDelaySeconds: 172_800, exitDelaySeconds: 3_888_000n, balanceOf: 0n };
  const clientOf = (answers: Record<string, unknown>, administrators: Record<string, number>) =>
    ({
      readContract: async ({ functionName, args }: { functionName: string; args?: readonly unknown[] }) => {
        if (functionName !== "hasRole") return { ...right, ...answers }[functionName];
        const delay = administrators[String(args?.[1])];
        return [delay !== undefined, delay ?? 0];
      },
    }) as unknown as PublicClient;
  const check = async (answers: object = {}, administrators: object = {}) => {
    const who = { [contracts.Constitution]: 172_800, ...administrators };
    const client = clientOf(answers as Record<string, unknown>, who as Record<string, number>);
    return checkDeployment(client, manifest, named, deployer).then(
      () => null,
      (error: FarshoreError) => error.facts?.field,
    );
  };

  it("is the one that was meant", async () => {
    expect(await check()).to.equal(null);
  });

  it("is refused where an administrator waits too little, the deployer stayed, or holds votes", async () => {
    expect(await check({}, { [contracts.Constitution]: 0 })).to.equal("administratorDelay");
    expect(await check({ delayFloor: 1n })).to.equal("constitution.delay");
    expect(await check({ baseDelaySeconds: 1 })).to.equal("constitution.baseDelaySeconds");
    expect(await check({ exitDelaySeconds: 60n })).to.equal("exitDelaySeconds");
    expect(await check({}, { [deployer]: 0 })).to.equal("the deployer administers");
    expect(await check({ balanceOf: 1n })).to.equal("incentive tokens of the deployer");
  });

  it("is refused where somebody else administers", async () => {
    const nobody = clientOf({}, {});
    const refused = await checkDeployment(nobody, manifest, named, deployer).catch((error: FarshoreError) => error);
    expect((refused as FarshoreError).code).to.equal("deploy/wrong-deployment");
    expect((refused as FarshoreError).facts).to.include({ field: "administrator", needed: contracts.Constitution });
  });
});
