// Made from proto/beam/state.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";

export interface StateRequest extends Message {
  readonly id: string;
  readonly instructionId: string;
  readonly stateKey: StateKey | undefined;
  /** One of `request`. */
  readonly get: StateGetRequest | undefined;
  /** One of `request`. */
  readonly append: StateAppendRequest | undefined;
  /** One of `request`. */
  readonly clear: StateClearRequest | undefined;
}

export const StateRequest: MessageType<StateRequest> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateRequest",
);

/** A non-empty `error` says that the request failed, and how. */
export interface StateResponse extends Message {
  readonly id: string;
  readonly error: string;
  /** One of `response`. */
  readonly get: StateGetResponse | undefined;
  /** One of `response`. */
  readonly append: StateAppendResponse | undefined;
  /** One of `response`. */
  readonly clear: StateClearResponse | undefined;
}

export const StateResponse: MessageType<StateResponse> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateResponse",
);

/** Windows and keys are in the bytes of their coders, keys in the nested context. */
export interface StateKey extends Message {
  /** One of `type`. */
  readonly runner: StateKeyRunner | undefined;
  /** One of `type`. */
  readonly multimapSideInput: StateKeyMultimapSideInput | undefined;
  /** One of `type`. */
  readonly bagUserState: StateKeyBagUserState | undefined;
  /** One of `type`. */
  readonly iterableSideInput: StateKeyIterableSideInput | undefined;
  /** One of `type`. */
  readonly multimapKeysSideInput: StateKeyMultimapKeysSideInput | undefined;
  /** One of `type`. */
  readonly multimapKeysUserState: StateKeyMultimapKeysUserState | undefined;
  /** One of `type`. */
  readonly multimapUserState: StateKeyMultimapUserState | undefined;
  /** One of `type`. */
  readonly multimapKeysValuesSideInput: StateKeyMultimapKeysValuesSideInput | undefined;
  /** One of `type`. */
  readonly orderedListUserState: StateKeyOrderedListUserState | undefined;
  /** One of `type`. */
  readonly multimapEntriesUserState: StateKeyMultimapEntriesUserState | undefined;
}

export const StateKey: MessageType<StateKey> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey",
);

/** Something large that the host has sent by name, such as the rest of a group. */
export interface StateKeyRunner extends Message {
  readonly key: Uint8Array;
}

export const StateKeyRunner: MessageType<StateKeyRunner> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.Runner",
);

export interface StateKeyIterableSideInput extends Message {
  readonly transformId: string;
  readonly sideInputId: string;
  readonly window: Uint8Array;
}

export const StateKeyIterableSideInput: MessageType<StateKeyIterableSideInput> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.IterableSideInput",
);

export interface StateKeyMultimapSideInput extends Message {
  readonly transformId: string;
  readonly sideInputId: string;
  readonly window: Uint8Array;
  readonly key: Uint8Array;
}

export const StateKeyMultimapSideInput: MessageType<StateKeyMultimapSideInput> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.MultimapSideInput",
);

export interface StateKeyMultimapKeysSideInput extends Message {
  readonly transformId: string;
  readonly sideInputId: string;
  readonly window: Uint8Array;
}

export const StateKeyMultimapKeysSideInput: MessageType<StateKeyMultimapKeysSideInput> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.MultimapKeysSideInput",
);

export interface StateKeyMultimapKeysValuesSideInput extends Message {
  readonly transformId: string;
  readonly sideInputId: string;
  readonly window: Uint8Array;
}

export const StateKeyMultimapKeysValuesSideInput: MessageType<StateKeyMultimapKeysValuesSideInput> =
  messageType("state.proto", "org.apache.beam.model.fn_execution.v1.StateKey.MultimapKeysValuesSideInput");

export interface StateKeyBagUserState extends Message {
  readonly transformId: string;
  readonly userStateId: string;
  readonly window: Uint8Array;
  readonly key: Uint8Array;
}

export const StateKeyBagUserState: MessageType<StateKeyBagUserState> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.BagUserState",
);

export interface StateKeyMultimapKeysUserState extends Message {
  readonly transformId: string;
  readonly userStateId: string;
  readonly window: Uint8Array;
  readonly key: Uint8Array;
}

export const StateKeyMultimapKeysUserState: MessageType<StateKeyMultimapKeysUserState> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.MultimapKeysUserState",
);

export interface StateKeyMultimapEntriesUserState extends Message {
  readonly transformId: string;
  readonly userStateId: string;
  readonly window: Uint8Array;
  readonly key: Uint8Array;
}

export const StateKeyMultimapEntriesUserState: MessageType<StateKeyMultimapEntriesUserState> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.MultimapEntriesUserState",
);

export interface StateKeyMultimapUserState extends Message {
  readonly transformId: string;
  readonly userStateId: string;
  readonly window: Uint8Array;
  readonly key: Uint8Array;
  readonly mapKey: Uint8Array;
}

export const StateKeyMultimapUserState: MessageType<StateKeyMultimapUserState> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.MultimapUserState",
);

export interface StateKeyOrderedListUserState extends Message {
  readonly transformId: string;
  readonly userStateId: string;
  readonly window: Uint8Array;
  readonly key: Uint8Array;
  readonly range: OrderedListRange | undefined;
}

export const StateKeyOrderedListUserState: MessageType<StateKeyOrderedListUserState> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateKey.OrderedListUserState",
);

/** From `start` on, and before `end`. */
export interface OrderedListRange extends Message {
  readonly start: bigint;
  readonly end: bigint;
}

export const OrderedListRange: MessageType<OrderedListRange> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.OrderedListRange",
);

/** An answer with a continuation token is not the whole: the token, sent back, gets the next part. */
export interface StateGetRequest extends Message {
  readonly continuationToken: Uint8Array;
}

export const StateGetRequest: MessageType<StateGetRequest> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateGetRequest",
);

export interface StateGetResponse extends Message {
  readonly continuationToken: Uint8Array;
  readonly data: Uint8Array;
}

export const StateGetResponse: MessageType<StateGetResponse> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateGetResponse",
);

export interface StateAppendRequest extends Message {
  readonly data: Uint8Array;
}

export const StateAppendRequest: MessageType<StateAppendRequest> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateAppendRequest",
);

export interface StateAppendResponse extends Message {}

export const StateAppendResponse: MessageType<StateAppendResponse> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateAppendResponse",
);

export interface StateClearRequest extends Message {}

export const StateClearRequest: MessageType<StateClearRequest> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateClearRequest",
);

export interface StateClearResponse extends Message {}

export const StateClearResponse: MessageType<StateClearResponse> = messageType(
  "state.proto",
  "org.apache.beam.model.fn_execution.v1.StateClearResponse",
);
