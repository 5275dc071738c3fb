// An OAuth provider for the tests, and an SMTP server that takes its tokens: node provider.mjs DIR
//
// The provider is npm's oidc-provider, over HTTPS. Everything listens on 127.0.0.1, on ports that the system chooses.
// DIR has the certificates (server.pem, server.key, and a second pair other.pem, other.key of another authority); mail
// that arrives is written to DIR/mail, and nothing else is written. When all listens, one line on standard output says
// where: issuer=… submission=… submissions=… other=… proxy=… SIGTERM ends it.
//
// The test steers it by /test/… on the same port:
//   GET  /test/log             what happened, one line each
//   GET  /test/secrets         all tokens, codes and verifiers that were given out or shown, one a line
//   GET  /test/newest          the refresh token that was given out last
//   POST /test/reset           the settings are as at the start, the log is empty, no token is refused
//   POST /test/set?NAME=VALUE  a setting, see `defaults`
//   POST /test/withdraw?user=  the user withdraws the consent: all tokens of that user end
//   POST /test/refuse          from now on the SMTP server calls the access tokens that there are expired

import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { listen, serveMail } from './smtp.mjs';

// The packages are not in the source tree: `run` installs them elsewhere, and says where.
const packages = createRequire(path.join(process.env.PACKAGES ?? import.meta.dirname, 'none.js'));
console.info = console.warn = () => {}; // its advice for those who would run it in earnest
const { default: Provider } = await import(pathToFileURL(packages.resolve('oidc-provider')));

const dir = process.argv[2];
if (!dir) {
    console.error('usage: provider.mjs DIR');
    process.exit(64);
}

const defaults = {
    access_token_ttl: 3600, // seconds
    device_code_ttl: 300,
    interval: 1, // seconds between two polls of the device flow
    token_delay: 0, // milliseconds before the token endpoint answers
    token_answer: '', // garbage, 500 or 429: what the token endpoint answers in place of a token
    mechanisms: 'XOAUTH2 OAUTHBEARER',
    refusal: 'reason', // or abrupt: 535 without a reason before it, as Microsoft has it
    refuse_all: 0, // 1: the SMTP server takes no token
    smtp_delay: 0, // milliseconds before a log-in is answered
};
const settings = { ...defaults };

const log = [];
const secrets = new Set();
const grants = new Map(); // identifier -> user
let newest = '';
const refused = new Set(); // access tokens that the SMTP server calls expired
const polls = new Map(); // device code -> when it was last asked about

const note = (line) => log.push(line);
const secret = (...values) => values.filter(Boolean).forEach((value) => secrets.add(value));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// --- Who may ask for tokens. ------------------------------------------------------------------------------------

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const native = {
    application_type: 'native', // RFC 8252: any port at the loopback address
    redirect_uris: ['http://127.0.0.1/'],
    grant_types: ['authorization_code', 'refresh_token', device],
    scope: 'openid offline_access smtp',
};
// These secrets have what must be encoded on the way.
const clientSecrets = { 'by-post': 'post + 100% = a&b', 'by-basic': 'basic:with + 100%/:=&', robot: 'robot%20secret' };
const clients = [
    { client_id: 'public', token_endpoint_auth_method: 'none', ...native },
    { client_id: 'by-post', client_secret: clientSecrets['by-post'], token_endpoint_auth_method: 'client_secret_post', ...native },
    { client_id: 'by-basic', client_secret: clientSecrets['by-basic'], token_endpoint_auth_method: 'client_secret_basic', ...native },
    {
        client_id: 'robot', client_secret: clientSecrets.robot, token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'smtp',
    },
];
secret(...Object.values(clientSecrets));
/** The mailbox for which an application without a user may send. */
const robots = { robot: 'robot@alpha.test' };

const configuration = {
    clients,
    scopes: ['openid', 'offline_access', 'smtp'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    clockTolerance: 0, // a token ends when it says so
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    ttl: {
        AccessToken: () => settings.access_token_ttl,
        ClientCredentials: () => settings.access_token_ttl,
        DeviceCode: () => settings.device_code_ttl,
        RefreshToken: 86400,
        AuthorizationCode: 60,
        IdToken: 3600,
        Interaction: 600,
        Session: 600,
        Grant: 86400,
    },
    cookies: { keys: ['no secret: it is a test'] },
    features: {
        devInteractions: { enabled: true }, // pages for signing in as anybody, and for consent
        clientCredentials: { enabled: true },
        deviceFlow: { enabled: true },
        introspection: { enabled: true },
        revocation: { enabled: true },
    },
};

// --- HTTPS. -----------------------------------------------------------------------------------------------------

const pair = (name) => ({ cert: fs.readFileSync(`${dir}/${name}.pem`), key: fs.readFileSync(`${dir}/${name}.key`) });
let answer;
const handler = (request, response) => answer(request, response);
const web = await listen(https.createServer(pair('server'), handler));
const other = await listen(https.createServer(pair('other'), handler));
const issuer = `https://127.0.0.1:${web.address().port}`;
const provider = new Provider(issuer, configuration);

provider.on('grant.saved', (grant) => grants.set(grant.jti, grant.accountId));
provider.on('server_error', (_ctx, error) => note(`server_error ${error.stack}`));

provider.use(async (ctx, next) => {
    if (ctx.path === '/token' && settings.token_answer) {
        await pause(settings.token_delay);
        note(`token answer=${settings.token_answer}`);
        if (settings.token_answer === 'garbage') {
            ctx.type = 'html';
            ctx.body = '<html>Here should be a token.</html>';
        } else {
            ctx.status = Number(settings.token_answer);
            ctx.body = { error: 'temporarily_unavailable' };
        }
        return;
    }
    await next();
    const { route, params } = ctx.oidc ?? {};
    const body = ctx.body ?? {};
    if (route === 'device_authorization' && body.device_code) {
        body.interval = settings.interval;
        secret(body.device_code);
        note(`device client=${params.client_id ?? ctx.oidc.client?.clientId} scope=${params.scope}`);
    } else if (route === 'token') {
        if (body.error === 'authorization_pending') {
            // RFC 8628, section 3.5. A tenth is for clocks and networks.
            const now = performance.now();
            const soonest = (polls.get(params.device_code) ?? -Infinity) + settings.interval * 900;
            polls.set(params.device_code, now);
            if (now < soonest) {
                body.error = 'slow_down';
            }
        }
        secret(params?.code, params?.code_verifier, params?.device_code, params?.refresh_token,
            body.access_token, body.refresh_token, body.id_token);
        newest = body.refresh_token ?? newest;
        const way = ctx.headers.authorization ? 'basic' : params?.client_secret ? 'post' : 'none';
        note(`token client=${ctx.oidc.client?.clientId} auth=${way} grant=${params?.grant_type} result=${body.error ?? 'ok'}`
            + `${body.error ? ` ${body.error_description}` : ` refresh_token=${body.refresh_token ? 'yes' : 'no'} scope=${body.scope}`}`);
        await pause(settings.token_delay);
    } else if (route === 'revocation') {
        note(`revocation client=${ctx.oidc.client?.clientId} hint=${params?.token_type_hint} result=${body.error ?? ctx.status}`);
    } else if (route === 'authorization' && params) {
        note(`authorization client=${params.client_id} method=${params.code_challenge_method} scope=${params.scope} prompt=${params.prompt}`);
    }
});
provider.on('authorization.success', (_ctx, out) => secret(out?.code));

const oidc = provider.callback();
answer = async (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith('/test/')) {
        return oidc(request, response);
    }
    let said = '';
    switch (`${request.method} ${url.pathname}`) {
        case 'GET /test/log':
            said = log.map((line) => `${line}\n`).join('');
            break;
        case 'GET /test/secrets':
            said = [...secrets].map((line) => `${line}\n`).join('');
            break;
        case 'GET /test/newest':
            said = newest;
            break;
        case 'POST /test/reset':
            Object.assign(settings, defaults);
            log.length = 0;
            refused.clear();
            break;
        case 'POST /test/set':
            for (const [name, value] of url.searchParams) {
                settings[name] = typeof settings[name] === 'number' ? Number(value) : value;
            }
            break;
        case 'POST /test/withdraw':
            for (const [grant, user] of grants) {
                if (user === url.searchParams.get('user')) {
                    await Promise.all([provider.AccessToken, provider.RefreshToken].map((model) => model.revokeByGrantId(grant)));
                    await provider.Grant.adapter.destroy(grant);
                }
            }
            break;
        case 'POST /test/refuse':
            secrets.forEach((value) => refused.add(value));
            break;
        default:
            response.statusCode = 404;
    }
    response.setHeader('content-type', 'text/plain');
    response.end(said);
};

// --- SMTP: a token is good if the provider knows it, it has the scope, and it is that user's. ----------------------

async function isGood(user, token) {
    secret(token);
    const found = await provider.AccessToken.find(token) ?? await provider.ClientCredentials.find(token);
    if (!found?.isValid || refused.has(token) || settings.refuse_all || !found.scope?.split(' ').includes('smtp')) {
        return false;
    }
    return user === (found.accountId ?? robots[found.clientId]);
}

const mail = {
    settings, note, secret, pause, isGood, issuer, tls: pair('server'),
    keep: (text) => fs.appendFileSync(`${dir}/mail`, text),
};
const submission = await listen(serveMail({ ...mail, implicit: false }));
const submissions = await listen(serveMail({ ...mail, implicit: true }));

// --- A proxy, to see who uses it. ---------------------------------------------------------------------------------

const proxy = http.createServer().on('connect', (request, near) => {
    note(`proxy ${request.url}`);
    const [host, port] = request.url.split(':');
    const far = net.connect(Number(port), host, () => {
        near.write('HTTP/1.1 200 Connected\r\n\r\n');
        near.pipe(far).pipe(near);
    });
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
});
await listen(proxy);

process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
console.log(`issuer=${issuer} submission=${submission.address().port} submissions=${submissions.address().port} other=${other.address().port} proxy=${proxy.address().port}`);
