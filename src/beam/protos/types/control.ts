// Made from proto/beam/control.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ProcessBundleDescriptor } from "./bundle.js";
import type { Elements } from "./data.js";
import type { Duration, Timestamp } from "./google.js";
import type { MonitoringInfo } from "./metrics.js";
import type { IsBounded } from "./pipeline.js";

export interface GetProcessBundleDescriptorRequest extends Message {
  readonly processBundleDescriptorId: string;
}

export const GetProcessBundleDescriptorRequest: MessageType<GetProcessBundleDescriptorRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.GetProcessBundleDescriptorRequest",
);

/** One request; its response has the same instruction id. */
export interface InstructionRequest extends Message {
  readonly instructionId: string;
  /** One of `request`. */
  readonly register: RegisterRequest | undefined;
  /** One of `request`. */
  readonly processBundle: ProcessBundleRequest | undefined;
  /** One of `request`. */
  readonly processBundleProgress: ProcessBundleProgressRequest | undefined;
  /** One of `request`. */
  readonly processBundleSplit: ProcessBundleSplitRequest | undefined;
  /** One of `request`. */
  readonly finalizeBundle: FinalizeBundleRequest | undefined;
  /** One of `request`. */
  readonly monitoringInfos: MonitoringInfosMetadataRequest | undefined;
  /** One of `request`. */
  readonly harnessMonitoringInfos: HarnessMonitoringInfosRequest | undefined;
  /** One of `request`. */
  readonly sampleData: SampleDataRequest | undefined;
}

export const InstructionRequest: MessageType<InstructionRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.InstructionRequest",
);

/** A non-empty `error` says that the request failed, and how: mostly a traceback. */
export interface InstructionResponse extends Message {
  readonly instructionId: string;
  readonly error: string;
  /** One of `response`. */
  readonly register: RegisterResponse | undefined;
  /** One of `response`. */
  readonly processBundle: ProcessBundleResponse | undefined;
  /** One of `response`. */
  readonly processBundleProgress: ProcessBundleProgressResponse | undefined;
  /** One of `response`. */
  readonly processBundleSplit: ProcessBundleSplitResponse | undefined;
  /** One of `response`. */
  readonly finalizeBundle: FinalizeBundleResponse | undefined;
  /** One of `response`. */
  readonly monitoringInfos: MonitoringInfosMetadataResponse | undefined;
  /** One of `response`. */
  readonly harnessMonitoringInfos: HarnessMonitoringInfosResponse | undefined;
  /** One of `response`. */
  readonly sampleData: SampleDataResponse | undefined;
}

export const InstructionResponse: MessageType<InstructionResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.InstructionResponse",
);

/** Older than GetProcessBundleDescriptor: descriptors told in advance. */
export interface RegisterRequest extends Message {
  readonly processBundleDescriptor: readonly ProcessBundleDescriptor[];
}

export const RegisterRequest: MessageType<RegisterRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.RegisterRequest",
);

export interface RegisterResponse extends Message {}

export const RegisterResponse: MessageType<RegisterResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.RegisterResponse",
);

/** Work that is left of an element: what to give to which input of which transform, and how far its outputs are. */
export interface BundleApplication extends Message {
  readonly transformId: string;
  readonly inputId: string;
  readonly element: Uint8Array;
  readonly outputWatermarks: ReadonlyMap<string, Timestamp>;
  readonly isBounded: IsBounded;
}

export const BundleApplication: MessageType<BundleApplication> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.BundleApplication",
);

export interface DelayedBundleApplication extends Message {
  readonly application: BundleApplication | undefined;
  readonly requestedTimeDelay: Duration | undefined;
}

export const DelayedBundleApplication: MessageType<DelayedBundleApplication> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.DelayedBundleApplication",
);

export interface ProcessBundleRequest extends Message {
  readonly processBundleDescriptorId: string;
  readonly cacheTokens: readonly ProcessBundleRequestCacheToken[];
  /** The whole input of a small bundle. */
  readonly elements: Elements | undefined;
  readonly hasNoState: boolean;
  readonly onlyBundleForKeys: boolean;
  readonly dataStreamId: string;
}

export const ProcessBundleRequest: MessageType<ProcessBundleRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleRequest",
);

/** What a worker may keep of state beyond the bundle, for as long as it is given the same token. */
export interface ProcessBundleRequestCacheToken extends Message {
  /** One of `type`. */
  readonly userState: ProcessBundleRequestCacheTokenUserState | undefined;
  /** One of `type`. */
  readonly sideInput: ProcessBundleRequestCacheTokenSideInput | undefined;
  readonly token: Uint8Array;
}

export const ProcessBundleRequestCacheToken: MessageType<ProcessBundleRequestCacheToken> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleRequest.CacheToken",
);

export interface ProcessBundleRequestCacheTokenUserState extends Message {}

export const ProcessBundleRequestCacheTokenUserState: MessageType<ProcessBundleRequestCacheTokenUserState> =
  messageType(
    "control.proto",
    "org.apache.beam.model.fn_execution.v1.ProcessBundleRequest.CacheToken.UserState",
  );

export interface ProcessBundleRequestCacheTokenSideInput extends Message {
  readonly transformId: string;
  readonly sideInputId: string;
}

export const ProcessBundleRequestCacheTokenSideInput: MessageType<ProcessBundleRequestCacheTokenSideInput> =
  messageType(
    "control.proto",
    "org.apache.beam.model.fn_execution.v1.ProcessBundleRequest.CacheToken.SideInput",
  );

export interface ProcessBundleResponse extends Message {
  readonly residualRoots: readonly DelayedBundleApplication[];
  readonly monitoringInfos: readonly MonitoringInfo[];
  readonly requiresFinalization: boolean;
  readonly monitoringData: ReadonlyMap<string, Uint8Array>;
  readonly elements: Elements | undefined;
}

export const ProcessBundleResponse: MessageType<ProcessBundleResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleResponse",
);

export interface ProcessBundleProgressRequest extends Message {
  readonly instructionId: string;
}

export const ProcessBundleProgressRequest: MessageType<ProcessBundleProgressRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleProgressRequest",
);

export interface ProcessBundleProgressResponse extends Message {
  readonly monitoringInfos: readonly MonitoringInfo[];
  readonly monitoringData: ReadonlyMap<string, Uint8Array>;
  readonly consumingReceivedData: boolean | undefined;
}

export const ProcessBundleProgressResponse: MessageType<ProcessBundleProgressResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleProgressResponse",
);

export interface ProcessBundleSplitRequest extends Message {
  readonly instructionId: string;
  /** By the id of the transform that reads the bundle's input. */
  readonly desiredSplits: ReadonlyMap<string, ProcessBundleSplitRequestDesiredSplit>;
}

export const ProcessBundleSplitRequest: MessageType<ProcessBundleSplitRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleSplitRequest",
);

export interface ProcessBundleSplitRequestDesiredSplit extends Message {
  readonly fractionOfRemainder: number;
  readonly estimatedInputElements: bigint;
  readonly allowedSplitPoints: readonly bigint[];
}

export const ProcessBundleSplitRequestDesiredSplit: MessageType<ProcessBundleSplitRequestDesiredSplit> =
  messageType(
    "control.proto",
    "org.apache.beam.model.fn_execution.v1.ProcessBundleSplitRequest.DesiredSplit",
  );

export interface ProcessBundleSplitResponse extends Message {
  readonly primaryRoots: readonly BundleApplication[];
  readonly residualRoots: readonly DelayedBundleApplication[];
  readonly channelSplits: readonly ProcessBundleSplitResponseChannelSplit[];
}

export const ProcessBundleSplitResponse: MessageType<ProcessBundleSplitResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.ProcessBundleSplitResponse",
);

/**
 * Elements up to the last primary one are the worker's still, those from the first residual one are not; what
 * lies between was split inside, and is in the roots.
 */
export interface ProcessBundleSplitResponseChannelSplit extends Message {
  readonly transformId: string;
  readonly lastPrimaryElement: bigint;
  readonly firstResidualElement: bigint;
}

export const ProcessBundleSplitResponseChannelSplit: MessageType<ProcessBundleSplitResponseChannelSplit> =
  messageType(
    "control.proto",
    "org.apache.beam.model.fn_execution.v1.ProcessBundleSplitResponse.ChannelSplit",
  );

export interface FinalizeBundleRequest extends Message {
  readonly instructionId: string;
}

export const FinalizeBundleRequest: MessageType<FinalizeBundleRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.FinalizeBundleRequest",
);

export interface FinalizeBundleResponse extends Message {}

export const FinalizeBundleResponse: MessageType<FinalizeBundleResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.FinalizeBundleResponse",
);

export interface MonitoringInfosMetadataRequest extends Message {
  readonly monitoringInfoId: readonly string[];
}

export const MonitoringInfosMetadataRequest: MessageType<MonitoringInfosMetadataRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.MonitoringInfosMetadataRequest",
);

export interface MonitoringInfosMetadataResponse extends Message {
  readonly monitoringInfo: ReadonlyMap<string, MonitoringInfo>;
}

export const MonitoringInfosMetadataResponse: MessageType<MonitoringInfosMetadataResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.MonitoringInfosMetadataResponse",
);

export interface HarnessMonitoringInfosRequest extends Message {}

export const HarnessMonitoringInfosRequest: MessageType<HarnessMonitoringInfosRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.HarnessMonitoringInfosRequest",
);

export interface HarnessMonitoringInfosResponse extends Message {
  readonly monitoringData: ReadonlyMap<string, Uint8Array>;
}

export const HarnessMonitoringInfosResponse: MessageType<HarnessMonitoringInfosResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.HarnessMonitoringInfosResponse",
);

export interface SampleDataRequest extends Message {
  readonly pcollectionIds: readonly string[];
}

export const SampleDataRequest: MessageType<SampleDataRequest> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.SampleDataRequest",
);

export interface SampledElement extends Message {
  readonly element: Uint8Array;
  readonly sampleTimestamp: Timestamp | undefined;
  readonly exception: SampledElementException | undefined;
}

export const SampledElement: MessageType<SampledElement> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.SampledElement",
);

export interface SampledElementException extends Message {
  readonly instructionId: string;
  readonly transformId: string;
  readonly error: string;
}

export const SampledElementException: MessageType<SampledElementException> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.SampledElement.Exception",
);

export interface SampleDataResponse extends Message {
  readonly elementSamples: ReadonlyMap<string, SampleDataResponseElementList>;
}

export const SampleDataResponse: MessageType<SampleDataResponse> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.SampleDataResponse",
);

export interface SampleDataResponseElementList extends Message {
  readonly elements: readonly SampledElement[];
}

export const SampleDataResponseElementList: MessageType<SampleDataResponseElementList> = messageType(
  "control.proto",
  "org.apache.beam.model.fn_execution.v1.SampleDataResponse.ElementList",
);
