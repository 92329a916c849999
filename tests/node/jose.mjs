// The other implementation of JOSE: node jose.mjs keys | node jose.mjs exchange, JSON in, JSON out.
//
// `keys` makes keys. `exchange` reads tokens of the other side and makes tokens for it; which claims, and whether they
// are the right ones, the other side knows. A token that cannot be read ends the program.

import * as jose from 'jose';

const ALG = 'PS256';
const WRAP = { alg: 'RSA-OAEP', enc: 'A256GCM' };
const text = new TextEncoder();

async function input() {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  const json = Buffer.concat(parts).toString('utf8');
  return json ? JSON.parse(json) : undefined;
}

/** Two keys, private and public; the encryption key is of another size than usual. */
async function keys() {
  const own = [
    await pair({ alg: ALG, use: 'sig', kid: 'node-sig' }, 2048),
    await pair({ alg: WRAP.alg, use: 'enc', kid: 'node-enc' }, 3072),
  ];
  return {
    private: { keys: own.map((key) => key.private) },
    public: { keys: own.map((key) => key.public) },
    thumbprints: await thumbprints(own.map((key) => key.public)),
  };
}

async function pair(members, modulusLength) {
  const options = { modulusLength, extractable: true };
  const { privateKey, publicKey } = await jose.generateKeyPair(members.alg, options);
  return {
    private: { ...(await jose.exportJWK(privateKey)), ...members },
    public: { ...(await jose.exportJWK(publicKey)), ...members },
  };
}

async function thumbprints(jwks) {
  const each = jwks.map(async (jwk) => [jwk.kid, await jose.calculateJwkThumbprint(jwk)]);
  return Object.fromEntries(await Promise.all(each));
}

/**
 * `own` is what `keys` gave, `theirs` the key set of the other side, `tokens` what it made for us, `claims` what we
 * shall make for it.
 */
async function exchange({ own, theirs, tokens, claims }) {
  const [signing, decryption] = await Promise.all(own.keys.map((jwk) => jose.importJWK(jwk)));
  const signer = { key: signing, kid: own.keys[0].kid };
  const encryption = await encryptionKey(theirs);
  const set = jose.createLocalJWKSet(theirs);
  return {
    read: await each(tokens, async ({ signed, encrypted }) => ({
      signed: await verify(signed, set),
      encrypted: encrypted && (await verify(await decrypt(encrypted, decryption), set)),
    })),
    made: await each(claims, async (claims) => {
      const signed = await sign(claims, signer, ALG);
      return { signed, encrypted: await encrypt(signed, encryption, WRAP) };
    }),
    foreign: await foreign(claims[0], signer, own.keys[0], encryption),
    thumbprints: await thumbprints(theirs.keys),
  };
}

const each = (list, work) => Promise.all(list.map(work));

async function encryptionKey({ keys }) {
  const jwk = keys.find((key) => key.use === 'enc');
  return { key: await jose.importJWK(jwk), kid: jwk.kid };
}

async function verify(token, keys) {
  const { payload } = await jose.compactVerify(token, keys, { algorithms: [ALG] });
  return JSON.parse(new TextDecoder().decode(payload));
}

async function decrypt(token, key) {
  const { plaintext, protectedHeader } = await jose.compactDecrypt(token, key, {
    keyManagementAlgorithms: [WRAP.alg],
    contentEncryptionAlgorithms: [WRAP.enc],
  });
  if (protectedHeader.kid !== 'node-enc') throw new Error(`kid is ${protectedHeader.kid}`);
  return new TextDecoder().decode(plaintext);
}

const sign = (claims, { key, kid }, alg) =>
  new jose.CompactSign(text.encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .sign(key);

const encrypt = (token, { key, kid }, algorithms) =>
  new jose.CompactEncrypt(text.encode(token))
    .setProtectedHeader({ ...algorithms, kid, cty: 'JWT' })
    .encrypt(key);

/** Good tokens of the right keys with algorithms that the profile does not have. */
async function foreign(claims, signer, jwk, encryption) {
  const signed = {};
  for (const alg of ['RS256', 'RS512', 'PS384', 'PS512']) {
    signed[alg] = await sign(claims, { ...signer, key: await jose.importJWK({ ...jwk, alg }) }, alg);
  }
  const inner = await sign(claims, signer, ALG);
  const encrypted = {};
  for (const [alg, enc] of [
    ['RSA-OAEP-256', 'A256GCM'],
    ['RSA-OAEP', 'A128GCM'],
    ['RSA-OAEP', 'A256CBC-HS512'],
  ]) {
    encrypted[`${alg} ${enc}`] = await encrypt(inner, encryption, { alg, enc });
  }
  return { signed, encrypted };
}

const OPERATIONS = { keys, exchange };
const operation = OPERATIONS[process.argv[2]];
if (!operation) {
  process.stderr.write(`node jose.mjs ${Object.keys(OPERATIONS).join(' | ')}\n`);
  process.exit(2);
}
process.stdout.write(JSON.stringify(await operation(await input())));
