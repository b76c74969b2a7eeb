function expectedOf({ notPassing }) {
  const byTest = new Map();
  for (const { verdict = "fail", says, tests } of notPassing) {
    for (const test of tests) byTest.set(test, { verdict, says });
  }
  return byTest;
}

function describeRecord({ verdict, message }) {
  return message === "" ? verdict : `${verdict}: ${message}`;
}

function compareOne(test, record, expected) {
  if (expected === undefined) {
    return record.verdict === "pass" ? null : `${test}\n  should pass, but ${describeRecord(record)}`;
  }
  if (record.verdict !== expected.verdict) {
    const wanted = `${test}\n  is listed with ${expected.verdict}, but `;
    return record.verdict === "pass"
      ? `${wanted}passes: take it off the list`
      : wanted + describeRecord(record);
  }
  if (record.message.includes(expected.says)) return null;
  return `${test}\n  should say “${expected.says}”, but ${describeRecord(record)}`;
}

/**
 * Holds the verdicts of one suite against what is expected.
 *
 * In: the records by test, the expectations, and how many tests the suite has (null where only some were asked
 * for). Out: a text for each difference; none if all is as expected. An unexpected pass is one, too.
 */
export function compareVerdicts(records, expectations, wanted) {
  const expected = expectedOf(expectations);
  const differences = Object.entries(records)
    .map(([test, record]) => compareOne(test, record, expected.get(test)))
    .filter((difference) => difference !== null);
  const count = Object.keys(records).length;
  if (wanted !== null && count !== wanted)
    differences.push(`${count} tests have a verdict and not ${wanted}`);
  if (count === 0) differences.push("no test was run");
  return differences;
}

/**
 * Holds the verdicts against a service that runs nothing against those that it may have: only a test whose
 * assertions can't be counted passes there.
 *
 * In and out: as `compareVerdicts`.
 */
export function compareHollowVerdicts(records, { notCounted }, wanted) {
  const listed = new Set(notCounted);
  const differences = Object.entries(records)
    .filter(([test, { verdict }]) => (verdict === "pass") !== listed.has(test))
    .map(([test, record]) =>
      listed.has(test)
        ? `${test}\n  is listed as not counted, but ${describeRecord(record)}`
        : `${test}\n  passes although nothing was run`,
    );
  const count = Object.keys(records).length;
  if (wanted !== null && count !== wanted)
    differences.push(`${count} tests have a verdict and not ${wanted}`);
  if (!Object.values(records).some(({ verdict }) => verdict === "hollow")) {
    differences.push("no test was found to be hollow");
  }
  return differences;
}
