// Signs in with wallet libraries that nobody here wrote: viem for EVM, tweetnacl and bs58 for Solana.
// node wallets.mjs <front door>: a line for each story that went well, exit code 1 at the first that did not.
import assert from 'node:assert/strict';
import bs58 from 'bs58';
import nacl from 'tweetnacl';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage, parseSiweMessage, validateSiweMessage } from 'viem/siwe';

const frontDoor = process.argv[2];
const PATIENCE_MILLIS = 10_000;

async function call(method, path, { token, body } = {}) {
  const headers = { 'user-agent': 'wallets.mjs' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers['content-type'] = 'application/json';
  const answer = await fetch(frontDoor + path, {
    method,
    headers,
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
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

async function link(wallet, token) {
  const { message } = await good('POST', '/v1/auth/wallets/challenge', {
    token,
    body: { address: wallet.address },
  });
  return { message, signature: await wallet.sign(message) };
}

const stories = {
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
    const token = tokens.accessToken;
    await good('POST', '/v1/auth/wallets', { token, body: await link(evm, token) });
    const byEvm = await signIn(evm);
    assert.equal(byEvm.userId, tokens.userId);
    const stranger = await signIn(evmWallet());
    await refused(409, 'WALLET_TAKEN', 'POST', '/v1/auth/wallets', {
      token: stranger.accessToken,
      body: await link(evm, stranger.accessToken),
    });
    await good('DELETE', `/v1/auth/wallets/${evm.address}`, { token });
    await refusedEverywhere(byEvm.accessToken);
    await refused(409, 'WALLET_LAST', 'DELETE', `/v1/auth/wallets/${solana.address}`, { token });
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
      answer = await call(method, path, request);
    }
    assert.deepEqual([answer.status, answer.body.code], [401, 'TOKEN_REVOKED'], path);
  }
}

for (const [name, story] of Object.entries(stories)) {
  await story();
  console.log(`ok: ${name}`);
}
