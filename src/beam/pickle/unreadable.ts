/** Leaves a reader from any depth. Never leaves this folder: the public functions turn it into a value. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}
