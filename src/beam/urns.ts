/**
 * The URNs of the Beam model that beam2spark acts upon. Each group names the enum of `beam_runner_api.proto` (or
 * another file of the model) whose values carry them; a test compares them with the installed apache_beam.
 */
export const URN = {
  // StandardPTransforms.Primitives
  parDo: "beam:transform:pardo:v1",
  flatten: "beam:transform:flatten:v1",
  groupByKey: "beam:transform:group_by_key:v1",
  impulse: "beam:transform:impulse:v1",
  windowInto: "beam:transform:window_into:v1",
  testStream: "beam:transform:teststream:v1",
  mapWindows: "beam:transform:map_windows:v1",
  mergeWindows: "beam:transform:merge_windows:v1",
  toString: "beam:transform:to_string:v1",

  // StandardPTransforms.DeprecatedPrimitives
  read: "beam:transform:read:v1",
  createView: "beam:transform:create_view:v1",

  // StandardPTransforms.Composites
  combinePerKey: "beam:transform:combine_per_key:v1",
  combineGlobally: "beam:transform:combine_globally:v1",
  reshuffle: "beam:transform:reshuffle:v1",
  redistributeByKey: "beam:transform:redistribute_by_key:v1",
  redistributeArbitrarily: "beam:transform:redistribute_arbitrarily:v1",
  writeFiles: "beam:transform:write_files:v1",
  groupIntoBatches: "beam:transform:group_into_batches:v1",

  // StandardPTransforms.CombineComponents
  combinePrecombine: "beam:transform:combine_per_key_precombine:v1",
  combineMergeAccumulators: "beam:transform:combine_per_key_merge_accumulators:v1",
  combineExtractOutputs: "beam:transform:combine_per_key_extract_outputs:v1",
  combineConvertToAccumulators: "beam:transform:combine_per_key_convert_to_accumulators:v1",
  combineGroupedValues: "beam:transform:combine_grouped_values:v1",

  // StandardPTransforms.SplittableParDoComponents
  pairWithRestriction: "beam:transform:sdf_pair_with_restriction:v1",
  splitAndSizeRestrictions: "beam:transform:sdf_split_and_size_restrictions:v1",
  truncateSizedRestrictions: "beam:transform:sdf_truncate_sized_restrictions:v1",
  processSizedElementsAndRestrictions: "beam:transform:sdf_process_sized_element_and_restrictions:v1",

  // StandardPTransforms.GroupIntoBatchesComponents
  groupIntoBatchesWithShardedKey: "beam:transform:group_into_batches_with_sharded_key:v1",

  // StandardSideInputTypes
  sideInputIterable: "beam:side_input:iterable:v1",
  sideInputMultimap: "beam:side_input:multimap:v1",

  // StandardUserStateTypes
  stateBag: "beam:user_state:bag:v1",
  stateMultimap: "beam:user_state:multimap:v1",
  stateOrderedList: "beam:user_state:ordered_list:v1",

  // StandardCoders
  coderBytes: "beam:coder:bytes:v1",
  coderStringUtf8: "beam:coder:string_utf8:v1",
  coderKv: "beam:coder:kv:v1",
  coderBool: "beam:coder:bool:v1",
  coderVarint: "beam:coder:varint:v1",
  coderDouble: "beam:coder:double:v1",
  coderIterable: "beam:coder:iterable:v1",
  coderTimer: "beam:coder:timer:v1",
  coderIntervalWindow: "beam:coder:interval_window:v1",
  coderLengthPrefix: "beam:coder:length_prefix:v1",
  coderGlobalWindow: "beam:coder:global_window:v1",
  coderWindowedValue: "beam:coder:windowed_value:v1",
  coderParamWindowedValue: "beam:coder:param_windowed_value:v1",
  coderStateBackedIterable: "beam:coder:state_backed_iterable:v1",
  coderCustomWindow: "beam:coder:custom_window:v1",
  coderRow: "beam:coder:row:v1",
  coderSchema: "beam:coder:schema:v1",
  coderShardedKey: "beam:coder:sharded_key:v1",
  coderNullable: "beam:coder:nullable:v1",

  // StandardProtocols
  protocolStateCaching: "beam:protocol:state_caching:v1",
  protocolLegacyProgressReporting: "beam:protocol:progress_reporting:v0",
  protocolProgressReporting: "beam:protocol:progress_reporting:v1",

  // MonitoringInfoSpecs
  dataChannelReadIndex: "beam:metric:data_channel:read_index:v1",

  // The payloads of standard_window_fns.proto
  windowFnGlobal: "beam:window_fn:global_windows:v1",
  windowFnFixed: "beam:window_fn:fixed_windows:v1",
  windowFnSliding: "beam:window_fn:sliding_windows:v1",
  windowFnSession: "beam:window_fn:session_windows:v1",

  // StandardEnvironments
  environmentDocker: "beam:env:docker:v1",
  environmentProcess: "beam:env:process:v1",
  environmentExternal: "beam:env:external:v1",
  environmentDefault: "beam:env:default:v1",
  environmentAnyOf: "beam:env:anyof:v1",

  // StandardArtifacts.Types
  artifactFile: "beam:artifact:type:file:v1",
  artifactUrl: "beam:artifact:type:url:v1",
  artifactEmbedded: "beam:artifact:type:embedded:v1",
  artifactPyPi: "beam:artifact:type:pypi:v1",
  artifactMaven: "beam:artifact:type:maven:v1",
  artifactDeferred: "beam:artifact:type:deferred:v1",

  // StandardArtifacts.Roles
  artifactStagingTo: "beam:artifact:role:staging_to:v1",
  artifactPipRequirements: "beam:artifact:role:pip_requirements_file:v1",
  artifactGoWorker: "beam:artifact:role:go_worker_binary:v1",

  // StandardRequirements
  requirementStateful: "beam:requirement:pardo:stateful:v1",
  requirementFinalization: "beam:requirement:pardo:finalization:v1",
  requirementStableInput: "beam:requirement:pardo:stable_input:v1",
  requirementTimeSortedInput: "beam:requirement:pardo:time_sorted_input:v1",
  requirementSplittableDoFn: "beam:requirement:pardo:splittable_dofn:v1",
  requirementOnWindowExpiration: "beam:requirement:pardo:on_window_expiration:v1",

  // StandardDisplayData
  displayDataLabelled: "beam:display_data:labelled:v1",

  // Not in the model: what the Python SDK calls its own composites (apache_beam/portability/python_urns.py)
  genericComposite: "beam:transform:generic_composite:v1",
  pickledPythonTransform: "beam:transform:pickled_python:v1",
} as const;

/** The part of `URN` that no proto of the model names. */
export const sdkUrns: readonly string[] = [URN.genericComposite, URN.pickledPythonTransform];

/** Requirements of a pipeline that beam2spark knows: planning decides about each. StandardRequirements. */
export const knownRequirements: readonly string[] = [
  URN.requirementStateful,
  URN.requirementFinalization,
  URN.requirementStableInput,
  URN.requirementTimeSortedInput,
  URN.requirementSplittableDoFn,
  URN.requirementOnWindowExpiration,
];
