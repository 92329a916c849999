// The customer's side: a browser that stops at every redirect, and the institution's channel.

import http from 'node:http';
import https from 'node:https';
import { readFileSync } from 'node:fs';

import { excerpt, require } from './steps.mjs';

/** Milliseconds without an answer until a call is given up. */
const PATIENCE = 15_000;
const DEVICE = { platform: 'BROWSER', os: 'LINUX', osVersion: '6.1' };

export class Browser {
  #endpoints;
  #ca;
  /** Cookies by host and name; those of another host are not sent. */
  #cookies = new Map();

  constructor(endpoints) {
    this.#endpoints = endpoints;
    this.#ca = readFileSync(endpoints.ca_file);
  }

  /** Opens an address that redirects; gives the next one. */
  async follow(url) {
    const { status, location, body } = await this.#send('GET', url);
    require([302, 303].includes(status) && location, `a redirect wanted, ${status} came: ${excerpt(body)}`);
    return location;
  }

  /** The visit that an address of the login page belongs to. */
  interaction(login) {
    const [before, after] = this.#endpoints.channel.login_url.split('<IDENTIFICADOR>');
    const known = login.startsWith(before) && login.endsWith(after);
    require(known, `the login page ${this.#endpoints.channel.login_url} wanted, sent to ${login}`);
    return login.slice(before.length, login.length - after.length);
  }

  /** What the channel shows; the first customer logs in and says yes to everything; gives the way back. */
  async agree(interaction) {
    const shown = await this.#channel('GET', interaction, '');
    const accessToken = this.#endpoints.customers[0].channel_access_token;
    const offered = await this.#channel('POST', interaction, '/login', { accessToken, device: DEVICE });
    const resources = offered.resources.map((resource) => resource.id);
    const decision = { resources, partialApproval: false, device: DEVICE };
    const session = { 'x-session-secret': offered.sessionSecret };
    const { redirectUri } = await this.#channel('POST', interaction, '/consent', decision, session);
    return { shown, resources, redirectUri };
  }

  async #channel(method, interaction, step, json, more) {
    const { base_url: base, client_name: name } = this.#endpoints.channel;
    const url = `${base}/api/${name}/consents/v1/interactions/${interaction}${step}`;
    const { status, body } = await this.#send(method, url, json, more);
    require(status === 200, `channel ${step || 'show'}: 200 wanted, ${status} came: ${excerpt(body)}`);
    return JSON.parse(body).data;
  }

  async #send(method, url, json, more) {
    const client = url.startsWith('https:') ? https : http;
    const jar = this.#jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(json && { 'content-type': 'application/json' }), ...(cookie && { cookie }), ...more };
    return new Promise((resolve, reject) => {
      const request = client.request(url, { method, ca: this.#ca, headers }, (answer) => {
        const parts = [];
        for (const set of answer.headers['set-cookie'] ?? []) {
          const [pair] = set.split(';');
          jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode, location: answer.headers.location, body: Buffer.concat(parts) }),
        );
      });
      request.setTimeout(PATIENCE, () => request.destroy(new Error(`no answer from ${new URL(url).origin}`)));
      request.on('error', reject);
      request.end(json && JSON.stringify(json));
    });
  }

  #jar(url) {
    const { hostname } = new URL(url);
    if (!this.#cookies.has(hostname)) this.#cookies.set(hostname, new Map());
    return this.#cookies.get(hostname);
  }
}
