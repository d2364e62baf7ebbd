// The platform's own client library, unmodified, against the sandbox. It insists on https and on the platform's host: an agent leads
// its connections to a TLS server with a certificate of the test, which hands everything on to the console.
'use strict';
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const tls = require('node:tls');
const BigCommerce = require('node-bigcommerce');

const { CONSOLE_PORT, ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, STORE_HASH, SIGNED_PAYLOAD, KEY_STORE } = process.env;

async function main() {
  const front = https.createServer({ pfx: fs.readFileSync(KEY_STORE), passphrase: 'test-only' }, (request, answer) => {
    const onward = http.request(
      { host: 'localhost', port: CONSOLE_PORT, path: request.url, method: request.method,
        headers: { ...request.headers, host: 'localhost:' + CONSOLE_PORT } },
      reply => {
        answer.writeHead(reply.statusCode, reply.headers);
        reply.pipe(answer);
      });
    request.pipe(onward);
  });
  front.listen(0, 'localhost');
  await once(front, 'listening');
  const agent = new https.Agent({ keepAlive: false });
  agent.createConnection = (options, done) =>
    tls.connect({ host: 'localhost', port: front.address().port, rejectUnauthorized: false }, done);

  const client = new BigCommerce({
    clientId: CLIENT_ID, secret: CLIENT_SECRET, accessToken: ACCESS_TOKEN, storeHash: STORE_HASH, responseType: 'json', agent
  });
  const result = {};
  result.time = (await client.get('/time')).time;
  const orders = await client.get('/orders?customer_id=4927&sort=date_created:desc');
  result.orders = orders.length;
  result.newestTotal = orders[0].total_inc_tax;
  result.lines = (await client.get(`/orders/${orders[0].id}/products`)).map(line => line.product_id);
  result.nothing = await client.get('/orders?customer_id=4929');
  result.product = (await client.get('/products/201')).name;
  result.missing = await client.get('/products/901').catch(error => error.message);
  client.apiVersion = 'v3';
  result.summary = (await client.get('/catalog/summary')).data.variant_count;
  result.refused = await client.get('/customers').catch(error => error.message);
  result.payload = client.verify(SIGNED_PAYLOAD).store_hash;
  try {
    client.verify(SIGNED_PAYLOAD.replace(/^.{10}/, 'eyJ1c2VyIi'.split('').reverse().join('')));
    result.forged = 'accepted';
  } catch {
    result.forged = 'refused';
  }
  front.close();
  console.log(JSON.stringify(result));
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
