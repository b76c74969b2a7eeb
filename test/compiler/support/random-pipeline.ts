import { makeRandom } from "../../beam-pickle/random.js";
import { PipelineBuilder, pythonEnvironment } from "./pipeline-builder.js";

const pair = "kv(utf8,varint)";
const combiners = ["combine-sum", "combine-count", "combine-user-lambda", "combine-mean"] as const;

/** A random acyclic pipeline with fan-out, side inputs, state, flattens, groups, combines and two environments. */
export function randomPipeline(seed: number): PipelineBuilder {
  const random = makeRandom(seed);
  const builder = new PipelineBuilder();
  builder.environments.set("other", pythonEnvironment("3.11", "2.77.0"));
  const pairs = [builder.parDo("Start", builder.impulse(), { outputs: [pair] })];
  const all = [...pairs];
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  // Mostly what was made last, so that there are long chains as well as wide ones.
  const recent = <T>(items: readonly T[]): T =>
    random(3) === 0 ? pick(items) : items[Math.max(0, items.length - 1 - random(3))]!;
  const size = 5 + random(30);
  for (let step = 0; step < size; step++) {
    const name = `Step${step}`;
    switch (random(11)) {
      case 0:
        pairs.push(
          builder.flatten(
            name,
            Array.from({ length: random(4) }, () => recent(pairs)),
            pair,
          ),
        );
        break;
      case 1:
        all.push(builder.groupByKey(name, recent(pairs)));
        break;
      case 2:
        all.push(builder.combine(name, recent(pairs), pick(combiners)));
        break;
      case 3:
        pairs.push(builder.reshuffle(name, recent(pairs)));
        break;
      case 4: {
        const stateful = random(4) > 0;
        const asks = { stateful, sortedByTime: !stateful || random(3) === 0, stableInput: random(3) === 0 };
        pairs.push(builder.parDo(name, recent(pairs), { outputs: [pair], ...asks }));
        break;
      }
      default: {
        const sideInputs = random(3) === 0 ? Array.from({ length: 1 + random(2) }, () => pick(all)) : [];
        const outputs = Array.from({ length: random(4) }, () => pair);
        const environment = random(6) === 0 ? "other" : "python";
        pairs.push(...builder.parDos(name, recent(all), { outputs, sideInputs, environment }));
      }
    }
    all.push(...pairs.filter((made) => !all.includes(made)));
  }
  return builder;
}
