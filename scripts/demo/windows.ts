// Deadlines of the demo's job, in seconds. Long enough for a slow machine, short challenge window so that it settles.
export const embeddedWindows = { startSeconds: 300, roundSeconds: 120, proposeSeconds: 120, challengeSeconds: 1 };

/** On a real network the deployment's own minimum for the challenge window applies; this is for one deployed for a demo. */
export const networkWindows = { startSeconds: 600, roundSeconds: 300, proposeSeconds: 300, challengeSeconds: 3600 };
