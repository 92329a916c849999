// An independent FAPI client goes the whole way of a receiver: node flow.mjs DIR/endpoints.json
//
// openid-client checks what comes back (id_token decrypted and verified, nonce, s_hash, c_hash); this file tells the
// story. It knows nothing of the institution but endpoints.json. The first step that does not hold ends it.

import { generators } from 'openid-client';

import { Browser } from './browser.mjs';
import { call, discover, readEndpoints, receiver, thumbprint } from './receiver.mjs';
import { require, skip, step } from './steps.mjs';

const CONSENTS = '/open-banking/consents/v3/consents';
const ACCOUNTS = '/open-banking/accounts/v2/accounts';
const PERMISSIONS = ['ACCOUNTS_READ', 'ACCOUNTS_BALANCES_READ', 'RESOURCES_READ'];
const ENCRYPTION = { alg: 'RSA-OAEP', enc: 'A256GCM' };
const LOA = /^urn:brasil:openbanking:loa[23]$/;

if (process.argv.length !== 3) {
  process.stderr.write('node flow.mjs ENDPOINTS_JSON: give it the endpoints.json of a running `ponte up`\n');
  process.exit(2);
}
const { endpoints, server } = await step('discovery', async () => {
  const endpoints = readEndpoints(process.argv[2]);
  const server = await discover(endpoints);
  return { endpoints, server, note: `issuer ${server.issuer}` };
});
const browser = new Browser(endpoints);
const { client } = await step('registration', async () => {
  const client = await receiver(server, endpoints);
  return { client, note: `client_id ${client.client_id}` };
});

const { token } = await step('client_credentials token', async () => {
  const token = await client.grant({ grant_type: 'client_credentials', scope: 'consents' });
  require(/^bearer$/i.test(token.token_type), `token_type is ${token.token_type}`);
  require(token.expires_in > 0 && token.expires_in <= 900, `it lives ${token.expires_in} s`);
  return { token: token.access_token, note: `private_key_jwt over mTLS, ${token.expires_in} s` };
});

const first = await journey('signed request', undefined);
await introspection(first);
await revokedConsent(first);

if (advertises('request_object_encryption_alg_values_supported', ENCRYPTION.alg)) {
  const second = await journey('encrypted request', ENCRYPTION);
  await revokedRefreshToken(second);
} else {
  skip('encrypted request', 'discovery has no request_object_encryption_alg_values_supported');
}
process.stdout.write('every step held\n');

/** From a new consent to its data; the name of the round stands before each step. */
async function journey(round, encrypt) {
  const at = (name) => `${round}, ${name}`;
  const { consent } = await step(at('consent'), createConsent);
  const checks = {
    state: generators.state(),
    nonce: generators.nonce(),
    code_verifier: generators.codeVerifier(),
    response_type: 'code id_token',
  };

  const { request_uri } = await step(at('PAR'), async () => {
    const request = await client.requestObject(claims(consent, checks), encrypt && { encrypt });
    const pushed = await client.pushedAuthorizationRequest({ request });
    require(pushed.expires_in >= 120, `request_uri lives ${pushed.expires_in} s, 120 or more wanted`);
    const how = encrypt ? `PS256 in ${encrypt.alg} and ${encrypt.enc}` : 'PS256';
    return { ...pushed, note: `${how}, request_uri lives ${pushed.expires_in} s` };
  });

  const { interaction } = await step(at('authorize'), async () => {
    const login = await browser.follow(client.authorizationUrl({ request_uri }));
    return { interaction: browser.interaction(login), note: 'redirected to the channel' };
  });

  const { redirectUri } = await step(at('decision'), async () => {
    const decided = await browser.agree(interaction);
    return { ...decided, note: `${decided.resources.length} accounts shared` };
  });

  const { params } = await step(at('resume'), async () => {
    const location = new URL(await browser.follow(redirectUri));
    const [redirect] = client.redirect_uris;
    require(location.href.startsWith(`${redirect}#`), `sent to ${location.origin}${location.pathname}`);
    const params = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    return { params, note: `fragment with ${Object.keys(params).join(', ')}` };
  });

  const { tokens } = await step(at('callback and code'), async () => {
    const tokens = await client.callback(client.redirect_uris[0], params, checks);
    const { acr } = tokens.claims();
    require(LOA.test(acr), `acr is ${acr}`);
    require(tokens.refresh_token, 'no refresh_token');
    require(tokens.scope?.split(' ').includes(`consent:${consent}`), `scope is ${tokens.scope}`);
    return { tokens, note: `both id_tokens hold, ${acr}` };
  });

  const { fresh } = await step(at('refresh'), async () => {
    const fresh = await client.refresh(tokens);
    const rotated = fresh.refresh_token && fresh.refresh_token !== tokens.refresh_token;
    require(!rotated, 'the refresh_token was rotated');
    return { fresh, note: `${fresh.expires_in} s, not rotated` };
  });

  await userinfo(at('userinfo'), fresh, tokens.claims().sub);
  await step(at('accounts'), async () => {
    const { data } = await call(client, 200, `${endpoints.hosts.mtls}${ACCOUNTS}`, fresh.access_token);
    require(data.length > 0, 'no account');
    return { note: `${data.length} accounts` };
  });
  return { consent, tokens: fresh, refreshToken: tokens.refresh_token };
}

async function createConsent() {
  const loggedUser = { document: { identification: endpoints.customers[0].cpf, rel: 'CPF' } };
  const json = { data: { loggedUser, permissions: PERMISSIONS } };
  const url = `${endpoints.hosts.mtls}${CONSENTS}`;
  const { data } = await call(client, 201, url, token, { method: 'POST', json });
  require(data.status === 'AWAITING_AUTHORISATION', `status is ${data.status}`);
  return { consent: data.consentId, note: data.consentId };
}

/** S04, S06, S40. The library adds iss, aud, client_id, jti, iat, nbf and exp. */
function claims(consent, { state, nonce, response_type, code_verifier }) {
  return {
    response_type,
    response_mode: 'fragment',
    redirect_uri: client.redirect_uris[0],
    scope: `openid accounts resources consent:${consent}`,
    state,
    nonce,
    code_challenge: generators.codeChallenge(code_verifier),
    code_challenge_method: 'S256',
    claims: { id_token: { acr: { essential: true } } },
  };
}

async function userinfo(name, tokens, sub) {
  if (!server.userinfo_endpoint) return skip(name, 'discovery has no userinfo_endpoint');
  return step(name, async () => {
    const found = await client.userinfo(tokens.access_token);
    require(found.sub === sub, 'sub is not the one of the id_token');
    return { note: 'sub is the one of the id_token' };
  });
}

async function introspection({ tokens }) {
  const name = 'introspection';
  if (!server.introspection_endpoint) return skip(name, 'discovery has no introspection_endpoint');
  return step(name, async () => {
    const found = await client.introspect(tokens.access_token, 'access_token');
    require(found.active === true, 'the token is not active');
    require(found.client_id === client.client_id, `client_id is ${found.client_id}`);
    const bound = found.cnf?.['x5t#S256'];
    require(bound === thumbprint(endpoints), `cnf x5t#S256 is ${bound}, not our certificate's`);
    return { note: 'active, bound to the certificate of the connection' };
  });
}

async function inactive(name, accessToken) {
  if (!server.introspection_endpoint) return skip(name, 'discovery has no introspection_endpoint');
  return step(name, async () => {
    const found = await client.introspect(accessToken, 'access_token');
    require(found.active === false, 'the token is still active');
    return { note: 'inactive' };
  });
}

/** The receiver deletes the consent: from the next call on nothing of it opens anything (S21, S30). */
async function revokedConsent({ consent, tokens, refreshToken }) {
  const url = `${endpoints.hosts.mtls}${CONSENTS}/${encodeURIComponent(consent)}`;
  await step('consent revoked', async () => {
    await call(client, 204, url, token, { method: 'DELETE' });
    const { data } = await call(client, 200, url, token);
    require(data.status === 'REJECTED', `status is ${data.status}`);
    return { note: `${data.rejection?.reason?.code}` };
  });
  await step('revoked consent, accounts', async () => {
    await call(client, 401, `${endpoints.hosts.mtls}${ACCOUNTS}`, tokens.access_token);
    return { note: '401' };
  });
  await inactive('revoked consent, introspection', tokens.access_token);
  await step('revoked consent, refresh', () => refused(refreshToken));
}

async function revokedRefreshToken({ refreshToken }) {
  const name = 'refresh token revoked';
  if (!server.revocation_endpoint) return skip(name, 'discovery has no revocation_endpoint');
  return step(name, async () => {
    await client.revoke(refreshToken, 'refresh_token');
    return refused(refreshToken);
  });
}

/** A refresh token that is not good any more (RFC 6749 section 5.2). */
async function refused(refreshToken) {
  const problem = await client.refresh(refreshToken).then(
    () => ({ error: 'none: it still gives tokens' }),
    (problem) => problem,
  );
  require(problem.error === 'invalid_grant', `invalid_grant wanted, ${problem.error ?? problem.message} came`);
  return { note: problem.error };
}

/** Whether a list of the discovery document has a value. */
function advertises(list, value) {
  return server.metadata[list]?.includes(value) ?? false;
}
