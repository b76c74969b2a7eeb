// Made from proto/beam/metrics.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { Timestamp } from "./google.js";

/** One measurement: what it is (URN), how its payload reads (type), and what it is about (labels). */
export interface MonitoringInfo extends Message {
  readonly urn: string;
  readonly type: string;
  readonly payload: Uint8Array;
  readonly labels: ReadonlyMap<string, string>;
  readonly startTime: Timestamp | undefined;
}

export const MonitoringInfo: MessageType<MonitoringInfo> = messageType(
  "metrics.proto",
  "org.apache.beam.model.pipeline.v1.MonitoringInfo",
);

/**
 * The payload of a bounded trie: paths, cut so that there are never more than `bound` of them. One path
 * alone is in `singleton`.
 */
export interface BoundedTrie extends Message {
  readonly bound: number;
  readonly root: BoundedTrieNode | undefined;
  readonly singleton: readonly string[];
}

export const BoundedTrie: MessageType<BoundedTrie> = messageType(
  "metrics.proto",
  "org.apache.beam.model.pipeline.v1.BoundedTrie",
);

/** `truncated` says that paths below this node were dropped. */
export interface BoundedTrieNode extends Message {
  readonly truncated: boolean;
  readonly children: ReadonlyMap<string, BoundedTrieNode>;
}

export const BoundedTrieNode: MessageType<BoundedTrieNode> = messageType(
  "metrics.proto",
  "org.apache.beam.model.pipeline.v1.BoundedTrieNode",
);

/** The payload of a histogram. */
export interface HistogramValue extends Message {
  readonly count: bigint | undefined;
  readonly bucketOptions: HistogramValueBucketOptions | undefined;
  readonly bucketCounts: readonly bigint[];
}

export const HistogramValue: MessageType<HistogramValue> = messageType(
  "metrics.proto",
  "org.apache.beam.model.pipeline.v1.HistogramValue",
);

export interface HistogramValueBucketOptions extends Message {
  /** One of `bucketType`. */
  readonly linear: HistogramValueBucketOptionsLinear | undefined;
  /** One of `bucketType`. */
  readonly exponential: HistogramValueBucketOptionsBase2Exponent | undefined;
}

export const HistogramValueBucketOptions: MessageType<HistogramValueBucketOptions> = messageType(
  "metrics.proto",
  "org.apache.beam.model.pipeline.v1.HistogramValue.BucketOptions",
);

/** Buckets of one width from `start` on. */
export interface HistogramValueBucketOptionsLinear extends Message {
  readonly numberOfBuckets: number | undefined;
  readonly width: number | undefined;
  readonly start: number | undefined;
}

export const HistogramValueBucketOptionsLinear: MessageType<HistogramValueBucketOptionsLinear> = messageType(
  "metrics.proto",
  "org.apache.beam.model.pipeline.v1.HistogramValue.BucketOptions.Linear",
);

/** Buckets whose bounds grow by the power of 2 to 2^-scale. */
export interface HistogramValueBucketOptionsBase2Exponent extends Message {
  readonly numberOfBuckets: number | undefined;
  readonly scale: number | undefined;
}

export const HistogramValueBucketOptionsBase2Exponent: MessageType<HistogramValueBucketOptionsBase2Exponent> =
  messageType(
    "metrics.proto",
    "org.apache.beam.model.pipeline.v1.HistogramValue.BucketOptions.Base2Exponent",
  );
