import * as bundle from "../beam/protos/types/bundle.js";
import * as control from "../beam/protos/types/control.js";
import * as logging from "../beam/protos/types/logging.js";
import * as provision from "../beam/protos/types/provision.js";
import { codecOf, defineService } from "../rpc/define-service.js";

const modelPackage = "org.apache.beam.model.fn_execution.v1";

/** `BeamFnControl` of control.proto: instructions to workers, and the descriptors that these name. */
export const controlService = defineService(`${modelPackage}.BeamFnControl`, {
  Control: {
    request: codecOf(control.InstructionResponse),
    response: codecOf(control.InstructionRequest),
    requestStream: true,
    responseStream: true,
  },
  GetProcessBundleDescriptor: {
    request: codecOf(control.GetProcessBundleDescriptorRequest),
    response: codecOf(bundle.ProcessBundleDescriptor),
  },
});

/** `BeamFnLogging` of logging.proto. */
export const loggingService = defineService(`${modelPackage}.BeamFnLogging`, {
  Logging: {
    request: codecOf(logging.LogEntryList),
    response: codecOf(logging.LogControl),
    requestStream: true,
    responseStream: true,
  },
});

/** `ProvisionService` of provision.proto. */
export const provisionService = defineService(`${modelPackage}.ProvisionService`, {
  GetProvisionInfo: {
    request: codecOf(provision.GetProvisionInfoRequest),
    response: codecOf(provision.GetProvisionInfoResponse),
  },
});
