/** Area under the ROC curve; ties share their average rank. Labels 0 or 1; NaN with one class only. */
export function auc(margins: Float64Array, labels: Uint8Array): number {
  const order = ascending(margins);
  let rankSum = 0;
  let positives = 0;
  for (let from = 0; from < order.length; ) {
    const to = endOfTie(order, margins, from);
    const rank = (from + to + 1) / 2;
    for (let i = from; i < to; i++) {
      if (labels[order[i] as number] === 1) {
        rankSum += rank;
        positives++;
      }
    }
    from = to;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Kolmogorov-Smirnov distance between the score distributions of the two classes. */
export function ks(margins: Float64Array, labels: Uint8Array): number {
  const order = ascending(margins);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  let best = 0;
  let seenPositives = 0;
  let seenNegatives = 0;
  for (let from = 0; from < order.length; ) {
    const to = endOfTie(order, margins, from);
    for (let i = from; i < to; i++) {
      if (labels[order[i] as number] === 1) seenPositives++;
      else seenNegatives++;
    }
    best = Math.max(best, Math.abs(seenPositives / positives - seenNegatives / negatives));
    from = to;
  }
  return best;
}

/** Share of rows whose predicted class (margin above 0) is their label. */
export function accuracy(margins: Float64Array, labels: Uint8Array): number {
  let right = 0;
  margins.forEach((margin, i) => {
    if ((margin > 0 ? 1 : 0) === labels[i]) right++;
  });
  return right / labels.length;
}

function ascending(margins: Float64Array): Uint32Array {
  const order = Uint32Array.from(margins, (_, i) => i);
  return order.sort((a, b) => (margins[a] as number) - (margins[b] as number));
}

function endOfTie(order: Uint32Array, margins: Float64Array, from: number): number {
  const value = margins[order[from] as number];
  let to = from + 1;
  while (to < order.length && margins[order[to] as number] === value) to++;
  return to;
}
