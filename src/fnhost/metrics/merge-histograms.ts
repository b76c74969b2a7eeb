import { HistogramValue } from "../../beam/protos/types/metrics.js";

/** Adds up the buckets of two histograms. Where their buckets aren't the same ones, the second is kept. */
export function mergeHistograms(first: Uint8Array, second: Uint8Array): Uint8Array {
  const [one, other] = [HistogramValue.decode(first), HistogramValue.decode(second)];
  if (optionsOf(one) !== optionsOf(other)) return second;
  const length = Math.max(one.bucketCounts.length, other.bucketCounts.length);
  return HistogramValue.encode({
    count: (one.count ?? 0n) + (other.count ?? 0n),
    bucketOptions: one.bucketOptions,
    bucketCounts: Array.from(
      { length },
      (_, bucket) => (one.bucketCounts[bucket] ?? 0n) + (other.bucketCounts[bucket] ?? 0n),
    ),
  });
}

function optionsOf({ bucketOptions }: HistogramValue): string {
  return Buffer.from(HistogramValue.encode({ bucketOptions })).toString("hex");
}
