// What postman-runtime shows for each run of a file: a line for each message of the console, request and line of its body.
const fs = require('fs');
const http = require('http');
const { Runner } = require('postman-runtime');
const sdk = require('postman-collection');

const runs = JSON.parse(fs.readFileSync(process.argv[2], 'utf-8'));
let lines = [];

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    lines.push(`> ${request.url}`, ...String(Buffer.concat(parts)).split('\n').filter(Boolean));
    response.setHeader('Content-Type', 'application/json');
    response.end('{}');
  });
});

function settings({ collection, environment = [], globals = [], data, n }, base) {
  
  return {
    environment: new sdk.VariableScope({ values: environment }), globals: new sdk.VariableScope({ values: globals }), data,
    iterationCount: n || (data ? data.length : 1),
    timeout: { script: 20000 }, maxInvokableNestedRequests: 5,
    script: {
      requestResolver: (id, context, done) => done(null, { ...collection, item: collection.item.filter((item) => item.id === id) }),
    },
  };
}

function play(given, base) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(given).replaceAll('{{base}}', base);
    const { collection, ...more } = JSON.parse(text);
    new Runner().run(new sdk.Collection(collection), settings({ collection, ...more }, base), (error, run) => {
      if (error) return reject(error);
      return run.start({
        console(cursor, level, message) {
          if (level === 'log') lines.push(message);
        },
        exception(cursor, error) {
          lines.push(`! ${error.message}`);
        },
        done(failed) {
          setImmediate(() => {
            run.host.dispose();
            if (failed) reject(failed);
            else resolve();
          });
        },
      });
    });
  });
}

server.listen(0, '127.0.0.1', async () => {
  const found = {};
  for (const [name, given] of Object.entries(runs)) {
    lines = [];
    await play(given, `http://127.0.0.1:${server.address().port}`);
    found[name] = lines;
    console.error(name, lines.length);
  }
  console.log(JSON.stringify(found, null, 0).replaceAll('],"', '],\n"').replaceAll('","', '",\n"'));
  process.exit();
});
