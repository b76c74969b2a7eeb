import protobuf from "protobufjs";
import { expect, it } from "vitest";
import { type Struct, structToJson } from "../../src/jobs/struct-json.js";

it("reads every kind of value, keys sorted, and keeps a key that is special in JavaScript", () => {
  const root = protobuf.Root.fromJSON(
    protobuf.common.get("google/protobuf/struct.proto") as protobuf.INamespace,
  );
  const type = root.lookupType("google.protobuf.Struct");
  const text = (stringValue: string) => ({ stringValue });
  const bytes = type
    .encode({
      fields: {
        z: text(""),
        b: { boolValue: false },
        a: { numberValue: 0 },
        none: { nullValue: 0 },
        list: { listValue: { values: [text("x"), { listValue: { values: [] } }] } },
        inner: { structValue: { fields: { constructor: text("plain") } } },
      },
    })
    .finish();
  const json = structToJson(type.decode(bytes) as Struct);
  expect(JSON.stringify(json)).toBe(
    '{"a":0,"b":false,"inner":{"constructor":"plain"},"list":["x",[]],"none":null,"z":""}',
  );
});
