// Deadlines of the demo's job, in seconds. Long enough for a slow machine, short challenge window so that it settles.
export const embeddedWindows = { startSeconds: 300, roundSeconds: 120, proposeSeconds: 120, challengeSeconds: 1 };

/** On a chain of several machines; the challenge window is a demo's all the same, and so is the deployment that allows it. */
export const networkWindows = { startSeconds: 600, roundSeconds: 300, proposeSeconds: 300, challengeSeconds: 5 };

/** What a demo's deployment on a running chain has more of than one on the embedded chain: seconds for slow blocks. */
export const networkParameters = { grace: 30, seatSeconds: 300 };
