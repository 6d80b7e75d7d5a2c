// pm.expect and the assertions of pm.response.to and pm.request.to: chai with Postman's words.

const { chai } = LIBRARIES;
const pmExpect = chai.expect;

function asserting(target) {
  Object.defineProperty(target, 'to', { get: () => chai.expect(target).to, configurable: true });
  return target;
}
