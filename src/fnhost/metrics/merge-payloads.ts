import { ByteReader } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import { mergeHistograms } from "./merge-histograms.js";
import { mergeTries } from "./merge-tries.js";
import { doubles, integers, type PayloadNumber } from "./payload-numbers.js";

/** Makes one payload of two of the same metric. */
export type PayloadMerge = (first: Uint8Array, second: Uint8Array) => Uint8Array;

/** So many values of a list of the largest or smallest are kept: its type doesn't say how many it should have. */
const mostExtremes = 100;

/** How payloads are merged, by the URN of their type (`metrics.proto`, MonitoringInfoTypeUrns). */
const merges: ReadonlyMap<string, PayloadMerge> = new Map([
  ["beam:metrics:sum_int64:v1", mergeSums(integers)],
  ["beam:metrics:sum_double:v1", mergeSums(doubles)],
  ["beam:metrics:distribution_int64:v1", mergeDistributions(integers)],
  ["beam:metrics:distribution_double:v1", mergeDistributions(doubles)],
  ["beam:metrics:latest_int64:v1", mergeLatest],
  ["beam:metrics:latest_double:v1", mergeLatest],
  ["beam:metrics:top_n_int64:v1", mergeExtremes(integers, false)],
  ["beam:metrics:top_n_double:v1", mergeExtremes(doubles, false)],
  ["beam:metrics:bottom_n_int64:v1", mergeExtremes(integers, true)],
  ["beam:metrics:bottom_n_double:v1", mergeExtremes(doubles, true)],
  ["beam:metrics:set_string:v1", mergeSets],
  ["beam:metrics:bounded_trie:v1", mergeTries],
  ["beam:metrics:histogram_int64:v1", mergeHistograms],
]);

/** Merges two payloads of one metric; of a type that is not known the second is kept. */
export function mergePayloads(type: string, first: Uint8Array, second: Uint8Array): Uint8Array {
  return merges.get(type)?.(first, second) ?? second;
}

function mergeSums<N>({ read, write, add }: PayloadNumber<N>): PayloadMerge {
  return (first, second) =>
    written((out) => write(add(read(new ByteReader(first)), read(new ByteReader(second))), out));
}

/** A distribution is how many there were, their sum, the smallest and the largest. */
function mergeDistributions<N>({ read, write, add }: PayloadNumber<N>): PayloadMerge {
  const parse = (payload: Uint8Array) => {
    const source = new ByteReader(payload);
    return [integers.read(source), read(source), read(source), read(source)] as const;
  };
  return (first, second) => {
    const [count, sum, least, most] = parse(first);
    const [otherCount, otherSum, otherLeast, otherMost] = parse(second);
    return written((out) => {
      integers.write(integers.add(count, otherCount), out);
      write(add(sum, otherSum), out);
      write(otherLeast < least ? otherLeast : least, out);
      write(otherMost > most ? otherMost : most, out);
    });
  };
}

/** The time comes first; of equal ones the second counts. */
function mergeLatest(first: Uint8Array, second: Uint8Array): Uint8Array {
  return integers.read(new ByteReader(first)) > integers.read(new ByteReader(second)) ? first : second;
}

function mergeExtremes<N>({ read, write }: PayloadNumber<N>, isAscending: boolean): PayloadMerge {
  return (first, second) => {
    const values = [...readList(first, read), ...readList(second, read)];
    values.sort((left, right) => (left === right ? 0 : left < right === isAscending ? -1 : 1));
    return writeList(values.slice(0, mostExtremes), write);
  };
}

/** Sets are sorted by their bytes, which is the order of their characters. */
function mergeSets(first: Uint8Array, second: Uint8Array): Uint8Array {
  const readMember = (source: ByteReader): string => {
    const size = source.length();
    const start = source.skip(size);
    return Buffer.from(source.source.subarray(start, start + size)).toString("latin1");
  };
  const members = new Set([...readList(first, readMember), ...readList(second, readMember)]);
  return writeList([...members].sort(), (member, out) => {
    out.varint32(member.length);
    out.bytes(Buffer.from(member, "latin1"));
  });
}

/** Reads Beam's iterable of values that know how many they are. */
function readList<V>(payload: Uint8Array, read: (source: ByteReader) => V): readonly V[] {
  const source = new ByteReader(payload);
  return Array.from({ length: source.int32() }, () => read(source));
}

function writeList<V>(values: readonly V[], write: (value: V, out: ByteWriter) => void): Uint8Array {
  return written((out) => {
    out.int32(values.length);
    for (const value of values) write(value, out);
  });
}

function written(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter(64);
  write(out);
  return out.take();
}
