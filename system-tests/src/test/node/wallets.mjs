// Signs in, and signs agents' requests, with wallet libraries that nobody here wrote: viem for EVM, tweetnacl and bs58
// for Ed25519.
// node wallets.mjs <front door>: a line for each story that went well, exit code 1 at the first that did not.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import bs58 from 'bs58';
import nacl from 'tweetnacl';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage, parseSiweMessage, validateSiweMessage } from 'viem/siwe';

const frontDoor = process.argv[2];
const PATIENCE_MILLIS = 60_000;
const POLL_MILLIS = 50;
// The replicas of a service take turns, and each learns for itself.
const IN_A_ROW = 4;
// Access tokens last for 20 s here.
const TOKEN_USE_MILLIS = 5_000;

async function call(method, path, { token, body } = {}) {
  const headers = { 'user-agent': 'wallets.mjs' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers['content-type'] = 'application/json';
  const answer = await fetch(frontDoor + path, {
    method,
    headers,
    body: body && JSON.stringify(body),
  });
  const said = await answer.text();
  return { status: answer.status, body: said && JSON.parse(said) };
}

async function good(method, path, request) {
  const answer = await call(method, path, request);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function refused(status, code, method, path, request) {
  const answer = await call(method, path, request);
  assert.deepEqual([answer.status, answer.body.code], [status, code], `${method} ${path}`);
}

function evmWallet() {
  const account = privateKeyToAccount(generatePrivateKey());
  return { address: account.address, sign: (message) => account.signMessage({ message }) };
}

function solanaWallet(encode = bs58.encode) {
  const keys = nacl.sign.keyPair();
  return {
    address: bs58.encode(keys.publicKey),
    sign: async (message) =>
      encode(nacl.sign.detached(new TextEncoder().encode(message), keys.secretKey)),
  };
}

const inBase64 = (bytes) => Buffer.from(bytes).toString('base64');

async function challenge(wallet) {
  const { message } = await good('POST', '/v1/auth/challenge', { body: { address: wallet.address } });
  return message;
}

async function exchange(message, signature) {
  return good('POST', '/v1/auth/token', { body: { message, signature } });
}

async function signIn(wallet) {
  const message = await challenge(wallet);
  return exchange(message, await wallet.sign(message));
}

// The access token of a sign-in, a new one where the last has been used for long.
function renewing(tokens) {
  let newest = tokens;
  let since = Date.now();
  return async () => {
    if (Date.now() - since > TOKEN_USE_MILLIS) {
      newest = await good('POST', '/v1/auth/refresh', { body: { refreshToken: newest.refreshToken } });
      since = Date.now();
    }
    return newest.accessToken;
  };
}

async function link(wallet, token) {
  const { message } = await good('POST', '/v1/auth/wallets/challenge', {
    token,
    body: { address: wallet.address },
  });
  return { message, signature: await wallet.sign(message) };
}

const DOMAIN = new URL(frontDoor).host;

async function domain() {
  return parseSiweMessage(await challenge(evmWallet())).domain ?? DOMAIN;
}

// A key that acts for the user of the token, as the OpenAPI document says.
async function agentOf(tokens, key, terms) {
  const issuedAt = new Date().toISOString();
  const address = key.address.startsWith('0x') ? key.address.toLowerCase() : key.address;
  const at = await domain();
  const proof = ['Perpetua agent registration', at, `User: ${tokens.userId}`, `Agent: ${address}`, `Issued at: ${issuedAt}`];
  const wish = {
    address: key.address,
    label: 'Robot',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    proof: { issuedAt, signature: await key.sign(proof.join('\n')) },
    ...terms,
  };
  await good('POST', '/v1/agents', { token: tokens.accessToken, body: wish });
  const once = async (method, path, { body, nonce, sent, forwarded } = {}) => {
    const text = body && JSON.stringify(body);
    const digest = text ? `sha-256=:${createHash('sha256').update(text).digest('base64')}:` : '';
    const timestamp = Date.now();
    const lines = ['Perpetua agent request', at, `${method} ${path}`, digest, timestamp, nonce ?? ''];
    const headers = {
      'perpetua-agent': key.address,
      'perpetua-timestamp': `${timestamp}`,
      'perpetua-signature': await key.sign(lines.join('\n')),
    };
    if (nonce) headers['perpetua-nonce'] = `${nonce}`;
    if (forwarded) headers['x-forwarded-for'] = forwarded;
    if (digest) {
      headers['content-digest'] = digest;
      headers['content-type'] = 'application/json';
    }
    const answer = await fetch(frontDoor + path, { method, headers, body: sent ? JSON.stringify(sent) : text });
    const said = await answer.text();
    return { status: answer.status, body: said && JSON.parse(said) };
  };
  // A command that is not decided yet is sent again: its nonce makes that safe.
  return async (method, path, request = {}) => {
    const deadline = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const answer = await once(method, path, request);
      const isOpen = request.nonce && [202, 503].includes(answer.status);
      if (!isOpen || Date.now() > deadline) return answer;
      await pause(POLL_MILLIS);
    }
  };
}

// Until every service knows the agent, or knows that it is none any more.
async function until(isThere, send) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (const path of READS) {
    let answer;
    for (let inARow = 0; inARow < IN_A_ROW; ) {
      answer = await send('GET', path);
      const isSo = isThere ? answer.status !== 401 && answer.status < 500 : answer.status === 401;
      inARow = isSo ? inARow + 1 : 0;
      assert.ok(isSo || Date.now() < deadline, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      if (!isSo) await pause(POLL_MILLIS);
    }
  }
}

function answered(answer, status, code) {
  assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
}

// Until risk-service has heard of a subaccount and its deposit.
async function collateral(id, token) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  let account = await call('GET', `/v1/accounts/${id}`, { token: await token() });
  while (account.body.collateral !== '10000' && Date.now() < deadline) {
    await pause(POLL_MILLIS);
    account = await call('GET', `/v1/accounts/${id}`, { token: await token() });
  }
  assert.equal(account.body.collateral, '10000', JSON.stringify(account.body));
}

// Two subaccounts with money, and an agent that trades BTC-PERP in the first of them.
async function trader(key) {
  const tokens = await signIn(evmWallet());
  const token = renewing(tokens);
  const other = await good('POST', '/v1/subaccounts', { token: await token(), body: { name: 'Hidden' } });
  const main = (await good('GET', '/v1/subaccounts', { token: await token() })).items[0];
  for (const { id } of [main, other]) {
    const deposit = { subaccountId: id, amount: '10000', reference: `f${id}` };
    await good('POST', '/v1/faucet', { token: await token(), body: deposit });
    await collateral(id, token);
  }
  const { items: markets } = await good('GET', '/v1/markets');
  const btc = markets.find((market) => market.symbol === 'BTC-PERP');
  const send = await agentOf({ ...tokens, accessToken: await token() }, key, {
    scopes: ['READ', 'TRADE'],
    filter: { allOf: [{ subaccounts: [main.id] }, { anyOf: [{ markets: [btc.id] }, { actions: ['READ'] }] }] },
  });
  await until(true, send);
  return { token, main, other, send };
}

async function tradesWithinBounds(key) {
  const { token, main, other, send } = await trader(key);
  const { mark } = await good('GET', '/v1/prices/BTC-PERP');
  const price = `${Math.round(Number(mark) * 0.95)}`;
  const order = ({ id }, size, market = 'BTC-PERP') => ({
    subaccountId: id,
    market,
    side: 'BUY',
    type: 'LIMIT',
    price,
    size,
  });
  const nonce = Date.now();

  // Once, however often it is sent; other content under the nonce is refused.
  const body = order(main, '0.001');
  const placed = await send('POST', '/v1/orders', { body, nonce });
  assert.equal(placed.status, 201, JSON.stringify(placed.body));
  const again = await send('POST', '/v1/orders', { body, nonce });
  assert.deepEqual([again.status, again.body.orderId], [201, placed.body.orderId]);
  answered(await send('POST', '/v1/orders', { body: order(main, '0.002'), nonce }), 409, 'NONCE_REUSED');
  answered(await send('POST', '/v1/orders', { body, nonce: nonce - 3 * 86_400_000 }), 409, 'NONCE_OUT_OF_WINDOW');
  answered(await send('POST', '/v1/orders', { body, nonce: nonce + 1, sent: order(main, '1') }), 401, 'AGENT_SIGNATURE_INVALID');

  // An amendment and a cancel are answered as they were first.
  const path = `/v1/orders/${placed.body.orderId}`;
  const amend = { body: { size: '0.003' }, nonce: nonce + 2 };
  const amended = await send('PATCH', path, amend);
  assert.deepEqual([amended.status, amended.body.size], [200, '0.003'], JSON.stringify(amended.body));
  const cancelled = await send('DELETE', path, { nonce: nonce + 3 });
  assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'CANCELLED']);
  const repeats = [await send('PATCH', path, amend), await send('DELETE', path, { nonce: nonce + 3 })];
  assert.deepEqual(repeats, [amended, cancelled]);
  answered(await send('DELETE', path, { nonce: nonce + 4 }), 422, 'ORDER_CLOSED');

  // All of a subaccount: only in its market, once; what was placed since stays.
  await send('POST', '/v1/orders', { body, nonce: nonce + 5 });
  const all = `/v1/orders?subaccountId=${main.id}`;
  const first = await send('DELETE', all, { nonce: nonce + 6 });
  assert.deepEqual([first.status, first.body.cancelled], [200, 1], JSON.stringify(first.body));
  const kept = await send('POST', '/v1/orders', { body, nonce: nonce + 7 });
  assert.deepEqual(await send('DELETE', all, { nonce: nonce + 6 }), first);
  const open = await send('GET', '/v1/orders?status=OPEN');
  assert.deepEqual(open.body.items.map((item) => item.orderId), [kept.body.orderId]);

  // Beyond its filter and its scopes.
  answered(await send('POST', '/v1/orders', { body: order(other, '0.001'), nonce: nonce + 8 }), 403, 'AGENT_FILTERED');
  answered(await send('POST', '/v1/orders', { body: order(main, '0.1', 'ETH-PERP'), nonce: nonce + 9 }), 403, 'AGENT_FILTERED');
  const hidden = await good('POST', '/v1/orders', { token: await token(), body: order(other, '0.001') });
  answered(await send('GET', `/v1/orders/${hidden.orderId}`), 404, 'ORDER_UNKNOWN');
  answered(await send('DELETE', `/v1/orders/${hidden.orderId}`, { nonce: nonce + 10 }), 404, 'ORDER_UNKNOWN');
  const seen = await send('GET', '/v1/orders');
  assert.ok(seen.body.items.every((item) => item.subaccountId === main.id));
  assert.deepEqual((await send('GET', '/v1/subaccounts')).body.items.map((item) => item.id), [main.id]);
  answered(await send('GET', `/v1/settlements?subaccountId=${other.id}`), 403, 'AGENT_FILTERED');
  const moves = { fromSubaccountId: main.id, toSubaccountId: other.id, amount: '1', clientTransferId: 't' };
  answered(await send('POST', '/v1/transfers', { body: moves, nonce: nonce + 11 }), 403, 'AGENT_SCOPE_MISSING');
  answered(await send('POST', '/v1/withdrawals', { body: {}, nonce: nonce + 12 }), 403, 'AGENT_NOT_ALLOWED');
  answered(await send('GET', '/v1/agents'), 403, 'AGENT_NOT_ALLOWED');

  // Removed, it is nobody's, anywhere and for ever.
  await good('DELETE', `/v1/agents/${key.address}`, { token: await token() });
  await until(false, send);
  answered(await send('POST', '/v1/orders', { body, nonce: nonce + 13 }), 401, 'AGENT_SIGNATURE_INVALID');
}

const READER = { scopes: ['READ'] };
// One endpoint each of accounts, orders and risk.
const READS = ['/v1/subaccounts', '/v1/orders', '/v1/positions'];

const stories = {
  async 'an agent with an EVM key trades within its bounds'() {
    await tradesWithinBounds(evmWallet());
  },

  async 'an agent with an Ed25519 key trades within its bounds'() {
    await tradesWithinBounds(solanaWallet());
    await tradesWithinBounds(solanaWallet(inBase64));
  },

  async 'an agent sends only from its networks'() {
    const tokens = await signIn(evmWallet());
    const near = await agentOf(tokens, solanaWallet(), { ...READER, networks: ['127.0.0.0/8', '::1/128'] });
    await until(true, near);
    const far = await agentOf(tokens, evmWallet(), { ...READER, networks: ['203.0.113.0/24'] });
    await until(true, far);
    for (const path of READS) {
      assert.equal((await near('GET', path)).status, 200, path);
      answered(await far('GET', path), 403, 'AGENT_ADDRESS_NOT_ALLOWED');
    }
    // What a client writes of its own address counts for nothing.
    answered(await far('GET', '/v1/orders', { forwarded: '203.0.113.7' }), 403, 'AGENT_ADDRESS_NOT_ALLOWED');
  },

  async 'an agent ends when its time is up'() {
    const tokens = await signIn(evmWallet());
    const token = renewing(tokens);
    const expiresAt = new Date(Date.now() + 30_000);
    const brief = await agentOf(tokens, evmWallet(), { ...READER, expiresAt: expiresAt.toISOString() });
    await until(true, brief);
    const deadline = expiresAt.getTime() + PATIENCE_MILLIS;
    for (const path of READS) {
      let answer = await brief('GET', path);
      while (answer.status === 200 && Date.now() < deadline) {
        await pause(POLL_MILLIS);
        answer = await brief('GET', path);
      }
      answered(answer, 401, 'AGENT_EXPIRED');
    }
    assert.ok(Date.now() >= expiresAt.getTime());
    await refused(422, 'AGENT_EXPIRY_INVALID', 'POST', '/v1/agents', {
      token: await token(),
      body: {
        address: evmWallet().address,
        label: 'Late',
        scopes: ['READ'],
        expiresAt: expiresAt.toISOString(),
        proof: { issuedAt: new Date().toISOString(), signature: await evmWallet().sign('anything') },
      },
    });
  },

  async 'an EVM wallet signs what the platform asks'() {
    const wallet = evmWallet();
    const message = await challenge(wallet);
    const fields = parseSiweMessage(message);
    assert.ok(
      validateSiweMessage({
        message: fields,
        address: wallet.address,
        domain: fields.domain,
        nonce: fields.nonce,
        time: new Date(),
      }),
    );
    const tokens = await exchange(message, await wallet.sign(message));
    const me = await good('GET', '/v1/users/me', { token: tokens.accessToken });
    assert.equal(me.id, tokens.userId);
    assert.equal(me.wallets[0].address, wallet.address);
  },

  async 'an EVM wallet signs a message that viem wrote'() {
    const wallet = evmWallet();
    const asked = parseSiweMessage(await challenge(wallet));
    for (const more of [{}, { statement: 'My own words.', resources: ['https://example.org/a'] }]) {
      const message = createSiweMessage({
        address: wallet.address,
        chainId: asked.chainId,
        domain: asked.domain,
        nonce: more.statement ? parseSiweMessage(await challenge(wallet)).nonce : asked.nonce,
        uri: asked.uri,
        version: '1',
        expirationTime: new Date(Date.now() + 60_000),
        ...more,
      });
      assert.equal((await exchange(message, await wallet.sign(message))).tokenType, 'Bearer');
    }
  },

  async 'a Solana wallet signs in, in base58 and in base64'() {
    for (const wallet of [solanaWallet(), solanaWallet(inBase64)]) {
      const message = await challenge(wallet);
      assert.match(message, /wants you to sign in with your Solana account:\n/);
      const first = await exchange(message, await wallet.sign(message));
      assert.equal(first.firstSignIn, true);
      const again = await signIn(wallet);
      assert.deepEqual([again.firstSignIn, again.userId], [false, first.userId]);
      await refused(401, 'NONCE_USED', 'POST', '/v1/auth/token', {
        body: { message, signature: await wallet.sign(message) },
      });
      const next = await challenge(wallet);
      await refused(401, 'SIGNATURE_MISMATCH', 'POST', '/v1/auth/token', {
        body: { message: next, signature: await solanaWallet().sign(next) },
      });
    }
  },

  async 'a refresh token is good once, and its return ends the sign-in'() {
    const tokens = [await signIn(solanaWallet())];
    for (let i = 0; i < 3; i++) {
      const { refreshToken } = tokens.at(-1);
      tokens.push(await good('POST', '/v1/auth/refresh', { body: { refreshToken } }));
    }
    const again = { body: { refreshToken: tokens[2].refreshToken } };
    const repeated = await good('POST', '/v1/auth/refresh', again);
    assert.equal(repeated.refreshToken, tokens[3].refreshToken);
    const old = { body: { refreshToken: tokens[0].refreshToken } };
    await refused(401, 'REFRESH_TOKEN_REUSED', 'POST', '/v1/auth/refresh', old);
    const newest = { body: { refreshToken: tokens[3].refreshToken } };
    await refused(401, 'SIGN_IN_ENDED', 'POST', '/v1/auth/refresh', newest);
    await refusedEverywhere(repeated.accessToken);
  },

  async 'every service refuses the token of who signed out'() {
    const wallet = evmWallet();
    const tokens = await signIn(wallet);
    const other = await signIn(wallet);
    for (const [method, path, request] of secured(tokens.accessToken)) {
      assert.notEqual((await call(method, path, request)).status, 401, path);
    }
    await good('DELETE', '/v1/auth/sign-ins/current', { token: tokens.accessToken });
    await refusedEverywhere(tokens.accessToken);
    const listed = await good('GET', '/v1/auth/sign-ins', { token: other.accessToken });
    assert.deepEqual(
      listed.items.map((signIn) => [signIn.id, signIn.current, signIn.userAgent]),
      [[other.signInId, true, 'wallets.mjs']],
    );
  },

  async 'a user has wallets of both kinds'() {
    const solana = solanaWallet();
    const evm = evmWallet();
    const tokens = await signIn(solana);
    const token = renewing(tokens);
    await good('POST', '/v1/auth/wallets', { token: await token(), body: await link(evm, await token()) });
    const byEvm = await signIn(evm);
    assert.equal(byEvm.userId, tokens.userId);
    const stranger = await signIn(evmWallet());
    await refused(409, 'WALLET_TAKEN', 'POST', '/v1/auth/wallets', {
      token: stranger.accessToken,
      body: await link(evm, stranger.accessToken),
    });
    await good('DELETE', `/v1/auth/wallets/${evm.address}`, { token: await token() });
    await refusedEverywhere(byEvm.accessToken);
    await refused(409, 'WALLET_LAST', 'DELETE', `/v1/auth/wallets/${solana.address}`, { token: await token() });
  },
};

// One endpoint each of accounts, orders and risk; all of market-data is open to all.
function secured(token) {
  return [
    ['GET', '/v1/users/me', { token }],
    ['GET', '/v1/orders', { token }],
    ['GET', '/v1/positions', { token }],
  ];
}

async function refusedEverywhere(token) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (const [method, path, request] of secured(token)) {
    let answer = await call(method, path, request);
    while (answer.status !== 401 && Date.now() < deadline) {
      await pause(POLL_MILLIS);
      answer = await call(method, path, request);
    }
    assert.deepEqual([answer.status, answer.body.code], [401, 'TOKEN_REVOKED'], path);
  }
}

for (const [name, story] of Object.entries(stories)) {
  await story();
  console.log(`ok: ${name}`);
}
