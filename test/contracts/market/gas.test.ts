import { expect } from "chai";
import { connect } from "../chain.ts";
import { jobGas, steadyJobs } from "./jobGas.ts";

const chain = await connect();

// The newest rules count some steps otherwise than Berlin, whose bars these are.
const slack = process.env.FARSHORE_TEST_NETWORK === "latest" ? 1_000 : 0;

// `npm run bench -- gas` prints the bars of 650 000 and 60 000 beside them; no change makes it worse unseen.
describe("JobMarket, gas of a whole job", () => {
  for (const [valued, most] of [
    ["exact", 645_000],
    ["projected", 656_000],
  ] as const) {
    it(`does not grow, ${valued}: three contributors, a committee of five, four signatures, steady state`, async () => {
      const { total, certify } = jobGas(await steadyJobs(chain, valued));
      expect(total).to.be.at.most(most + slack);
      expect(certify).to.be.at.most(59_900);
    });
  }
});
