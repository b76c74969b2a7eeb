/**
 * The entry of a record under an id of the pipeline: ids may be called like what every object inherits, such as
 * `constructor`.
 */
export function ownEntry<V>(record: Readonly<Record<string, V>>, id: string): V | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}
