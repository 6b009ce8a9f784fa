import { type Marketplace, openMarketplace } from "./marketplace.ts";
import { refusesAcceptances } from "./wrongInput/acceptances.ts";
import { missesBoards } from "./wrongInput/boards.ts";
import { refusesOtherChains } from "./wrongInput/chainAndManifest.ts";
import { refusesDataFiles } from "./wrongInput/dataFiles.ts";
import { declinesPostedJobs } from "./wrongInput/postedJobs.ts";
import { patient } from "./wrongInput/refusals.ts";
import { refusesRequests } from "./wrongInput/requests.ts";

describe("wrong input", () => {
  let opened: Marketplace;
  const m = () => opened;
  before(async function () {
    this.timeout(patient);
    // Nobody accepts anything by itself: what starts a job here, a test brought.
    opened = await openMarketplace({ policyOf: () => null });
  });
  after(() => opened?.stop());

  refusesDataFiles(m);
  refusesOtherChains(m);
  refusesRequests(m);
  declinesPostedJobs(m);
  refusesAcceptances(m);
  missesBoards(m);
});
