import type { ByteWriter } from "../bytes/byte-writer.js";

/**
 * Writes the value of a row in a Beam coder. Nested values say how long they are where the coder needs it; the
 * outermost one of an element on a data stream is nested, too (`beam_runner_api.proto`, StandardCoders).
 */
export type ValueWriter = (row: number, out: ByteWriter, isNested: boolean) => void;
