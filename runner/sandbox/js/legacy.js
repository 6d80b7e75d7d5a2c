// The old API: tests["name"] = true, responseBody, postman.setEnvironmentVariable and the like.

function finishLegacyTests() {
  for (const [name, value] of Object.entries(G.tests || {})) {
    if (value) reportTest(newTest(name));
    else reportTest(newTest(name), new chai.AssertionError(`expected ${textOf(value)} to be truthy`));
  }
}
