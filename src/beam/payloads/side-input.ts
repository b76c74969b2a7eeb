import { z } from "zod";
import { functionSpec, optionalFunctionSpec } from "./parts.js";

/** A checked `SideInput` of the pipeline proto. SDKs that need no mapping or view of their own leave it out. */
export const sideInput = z
  .object({
    accessPattern: functionSpec,
    viewFn: optionalFunctionSpec,
    windowMappingFn: optionalFunctionSpec,
  })
  .readonly();
