import type { ProcessBundleDescriptor } from "../beam/protos/types/bundle.js";
import { AnyOfEnvironmentPayload, type Environment } from "../beam/protos/types/environment.js";
import { URN } from "../beam/urns.js";

/** All functions of a stage run in one environment; a stage without functions has one that knows its coders. */
export function environmentOf({
  transforms,
  environments,
}: ProcessBundleDescriptor): Environment | undefined {
  const ids = [...transforms.values()].map(({ environmentId }) => environmentId);
  const [knowing] = environments.values();
  return environments.get(ids.find((id) => id !== "") ?? "") ?? knowing;
}

/**
 * What workers of an environment declare to know beyond what a pipeline shows of them (`beam_runner_api.proto`,
 * Environment.capabilities). Of several environments, of which a worker may be started in any, it is what all declare.
 *
 * @throws MalformedMessageError where a choice of environments is none
 */
export function capabilitiesOf(environment: Environment | undefined): ReadonlySet<string> {
  if (environment === undefined) return new Set();
  const { urn, payload, capabilities } = environment;
  if (urn !== URN.environmentAnyOf) return new Set(capabilities);
  const [first, ...others] = AnyOfEnvironmentPayload.decode(payload).environments.map(capabilitiesOf);
  return new Set([...(first ?? [])].filter((one) => others.every((other) => other.has(one))));
}
