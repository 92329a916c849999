// The receiver of data: openid-client's FAPI1Client with the keys and certificates of `endpoints.json`.

import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { custom, Issuer } from 'openid-client';

import { excerpt, require } from './steps.mjs';

/** A debug build on a busy machine answers well within this, in milliseconds. */
const PATIENCE = 15_000;
/** Differences of clocks that are granted, in seconds. */
const SKEW = 5;
/** What every registration of the profile says (S02, S04, S10, S14). */
const PROFILE = {
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'PS256',
  request_object_signing_alg: 'PS256',
  id_token_signed_response_alg: 'PS256',
  id_token_encrypted_response_alg: 'RSA-OAEP',
  id_token_encrypted_response_enc: 'A256GCM',
  tls_client_certificate_bound_access_tokens: true,
};

/** Reads `endpoints.json` and trusts its authority, and no other, in every call from here on. */
export function readEndpoints(file) {
  const endpoints = JSON.parse(readFileSync(file, 'utf8'));
  custom.setHttpOptionsDefaults({ ca: readFileSync(endpoints.ca_file), timeout: PATIENCE });
  return endpoints;
}

/** Finds the authorization server through its discovery document. */
export const discover = (endpoints) => Issuer.discover(endpoints.hosts.public);

/** The first client of `endpoints.json`, made of what the server says it registered. */
export async function receiver(server, endpoints) {
  const own = endpoints.clients[0];
  const { FAPI1Client } = server;
  const [cert, key] = [readFileSync(own.transport_cert), readFileSync(own.transport_key)];
  FAPI1Client[custom.http_options] = () => ({ cert, key });
  const jwks = { keys: privateKeys(own) };
  const { registration_client_uri: uri, registration_access_token: token } = own;
  const { metadata } = await FAPI1Client.fromUri(uri, token, jwks);
  for (const [name, value] of Object.entries({ ...PROFILE, client_id: own.client_id })) {
    require(metadata[name] === value, `${name} is ${metadata[name]}, not ${value}`);
  }
  // Whether a request object is encrypted is decided request by request.
  delete metadata.request_object_encryption_alg;
  delete metadata.request_object_encryption_enc;
  const client = new FAPI1Client(metadata, jwks);
  client[custom.http_options] = () => ({ cert, key });
  client[custom.clock_tolerance] = SKEW;
  return client;
}

function privateKeys(own) {
  const jwk = (file, members) => ({
    ...createPrivateKey(readFileSync(file)).export({ format: 'jwk' }),
    ...members,
  });
  return [
    jwk(own.signing_key, { kid: own.signing_kid, alg: 'PS256', use: 'sig' }),
    jwk(own.encryption_key, { kid: own.encryption_kid, alg: 'RSA-OAEP', use: 'enc' }),
  ];
}

/** `x5t#S256` of the receiver's certificate (RFC 8705 section 3.1). */
export function thumbprint(endpoints) {
  const { raw } = new X509Certificate(readFileSync(endpoints.clients[0].transport_cert));
  return createHash('sha256').update(raw).digest('base64url');
}

/** A call to a protected API with a token; gives the answer's JSON when its status is the wanted one. */
export async function call(client, wanted, url, token, options = {}) {
  const interaction = randomUUID();
  const { json, ...rest } = options;
  const answer = await client.requestResource(url, token, {
    ...rest,
    body: json && JSON.stringify(json),
    headers: {
      accept: 'application/json',
      'x-fapi-interaction-id': interaction,
      ...(json && { 'content-type': 'application/json' }),
    },
  });
  const { statusCode: status, headers, body } = answer;
  require(status === wanted, `status ${wanted} wanted, ${status} came: ${body ? excerpt(body) : ''}`);
  require(headers['x-fapi-interaction-id'] === interaction, 'x-fapi-interaction-id is not the one sent');
  return body?.length ? JSON.parse(body) : {};
}
