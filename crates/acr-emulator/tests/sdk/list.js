// Lists an instance's sync rules from an endpoint with the official Node SDKs, unchanged.
//
// Usage: list.js HOST PORT ACCESS_KEY_ID ACCESS_KEY_SECRET INSTANCE_ID NAMESPACE
//
// Prints one JSON object: for each SDK the names of all rules, read in pages of two, the names of the rules in
// NAMESPACE, and the error code that a wrong secret gets.

const openapi = require('@alicloud/openapi-client');
const { RPCClient } = require('@alicloud/pop-core');

const [host, port, accessKeyId, secret, instanceId, namespace] = process.argv.slice(2);
const pageSize = 2;

const query = (number, namespaceName) => ({
  InstanceId: instanceId,
  PageNo: String(number),
  PageSize: String(pageSize),
  ...(namespaceName === undefined ? {} : { NamespaceName: namespaceName }),
});

// The newer family: a generic request.
async function generic(number, namespaceName, accessKeySecret) {
  const config = new openapi.Config({ accessKeyId, accessKeySecret, protocol: 'http', endpoint: `${host}:${port}` });
  const params = new openapi.Params({
    action: 'ListRepoSyncRule',
    version: '2018-12-01',
    protocol: 'HTTP',
    method: 'POST',
    pathname: '/',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  const request = new openapi.OpenApiRequest({ query: query(number, namespaceName) });
  return (await new openapi.default(config).callApi(params, request, {})).body;
}

// The older family, with either method.
const pop = (method) => (number, namespaceName, accessKeySecret) =>
  new RPCClient({ accessKeyId, accessKeySecret, endpoint: `http://${host}:${port}`, apiVersion: '2018-12-01' }).request(
    'ListRepoSyncRule',
    query(number, namespaceName),
    { method },
  );

async function names(page, namespaceName) {
  const listed = [];
  for (let number = 1, total = 1; (number - 1) * pageSize < total; number += 1) {
    const body = await page(number, namespaceName, secret);
    total = body.TotalCount;
    listed.push(...body.SyncRules.map((rule) => rule.SyncRuleName));
  }
  return listed;
}

async function tried(page) {
  const refused = page(1, undefined, 'wrong').then(() => 'none', (error) => error.code);
  return { all: await names(page), filtered: await names(page, namespace), wrong_secret: await refused };
}

async function main() {
  const results = {
    '@alicloud/openapi-client': await tried(generic),
    '@alicloud/pop-core, GET': await tried(pop('GET')),
    '@alicloud/pop-core, POST': await tried(pop('POST')),
  };
  console.log(JSON.stringify(results));
}

main();
