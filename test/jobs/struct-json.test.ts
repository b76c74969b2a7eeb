import { expect, it } from "vitest";
import { Struct } from "../../src/beam/protos/types/google.js";
import { structToJson } from "../../src/beam/struct-json.js";

it("reads every kind of value, keys sorted, and keeps a key that is special in JavaScript", () => {
  const text = (stringValue: string) => ({ stringValue });
  const values = {
    z: text(""),
    b: { boolValue: false },
    a: { numberValue: 0 },
    none: { nullValue: 0 },
    list: { listValue: { values: [text("x"), { listValue: { values: [] } }] } },
    inner: { structValue: { fields: new Map([["__proto__", text("plain")]]) } },
  };
  const bytes = Struct.encode({ fields: new Map(Object.entries(values)) });
  expect(JSON.stringify(structToJson(Struct.decode(bytes)))).toBe(
    '{"a":0,"b":false,"inner":{"__proto__":"plain"},"list":["x",[]],"none":null,"z":""}',
  );
});
