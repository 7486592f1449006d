// A server of node's package ws (Debian: node-ws). What it understands: see serving.py.
'use strict';
const fs = require('fs');
const http = require('http');
const https = require('https');
const { parseArgs } = require('util');
const { WebSocketServer } = require('ws');

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '0' }, cert: { type: 'string' }, key: { type: 'string' } },
});
const server = options.cert
  ? https.createServer({ cert: fs.readFileSync(options.cert), key: fs.readFileSync(options.key) })
  : http.createServer();
const sockets = new WebSocketServer({ server, maxPayload: 0, perMessageDeflate: false });

// Sends, and waits until it is written: what is pushed must not pile up in memory.
const send = (socket, data, settings) => new Promise((done) => socket.send(data, settings, done));

async function push(socket, count, size) {
  for (let number = 0; number < count; number++) await send(socket, String(number).padStart(size, '0'), {});
}

async function fragments(socket, count, size) {
  for (let number = 0; number < count; number++) {
    const text = String.fromCharCode(97 + (number % 26)).repeat(size);
    await send(socket, text, { fin: number === count - 1 });
  }
}

sockets.on('connection', (socket, request) => {
  const [word, ...values] = request.url.split('?')[0].split('/').slice(1).map(decodeURIComponent);
  socket.on('error', () => {}); // `close` follows
  socket.on('message', (data, isBinary) => {
    if (word === 'close') socket.close(Number(values[0]), values[1]);
    else socket.send(data, { binary: isBinary });
  });
  socket.on('close', (code, reason) => {
    if (word === 'expect-close') console.log(`closed ${code} ${reason}`);
  });
  if (word === 'push') push(socket, Number(values[0]), Number(values[1]));
  if (word === 'fragments') fragments(socket, Number(values[0]), Number(values[1]));
});

server.listen(Number(options.port), '127.0.0.1', () => {
  const [scheme, host] = options.cert ? ['wss', 'localhost'] : ['ws', '127.0.0.1'];
  console.log(`${scheme}://${host}:${server.address().port}`);
});

// It ends when its standard input does: it can't outlive who started it.
process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGTERM', () => process.exit(0));
