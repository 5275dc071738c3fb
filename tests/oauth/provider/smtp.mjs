// A small SMTP server that takes mail from those who log in with a token: XOAUTH2, and OAUTHBEARER (RFC 7628).

import net from 'node:net';
import tls from 'node:tls';

/** Waits until the server listens on a port that the system chooses. */
export const listen = (server) => new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
});

/** The server, with TLS from the start or by STARTTLS. `context` is what provider.mjs has for it. */
export function serveMail(context) {
    const quietly = (socket) => session(context, socket).catch((error) => context.note(`smtp end ${error.message}`)).finally(() => socket.destroy());
    return context.implicit ? tls.createServer(context.tls, quietly) : net.createServer(quietly);
}

/** Lines as they come; `null` when there are no more. */
function reader(socket) {
    let rest = Buffer.alloc(0);
    let ended = false;
    let wake = () => {};
    const more = (data) => {
        rest = Buffer.concat([rest, data]);
        wake();
    };
    const end = () => {
        ended = true;
        wake();
    };
    socket.on('data', more).on('end', end).on('close', end).on('error', end);
    return {
        async line() {
            for (;;) {
                const at = rest.indexOf('\r\n');
                if (at >= 0) {
                    const line = rest.subarray(0, at).toString('utf8');
                    rest = rest.subarray(at + 2);
                    return line;
                }
                if (ended) {
                    return null;
                }
                await new Promise((resolve) => { wake = resolve; });
            }
        },
        stop() {
            socket.off('data', more);
        },
    };
}

async function session(context, first) {
    let socket = first;
    let secure = context.implicit;
    let lines = reader(socket);
    let user = null;
    let from = null;
    let to = [];
    const say = (line) => socket.write(`${line}\r\n`);

    say('220 oauth.test ESMTP');
    for (;;) {
        const line = await lines.line();
        if (line === null) {
            return;
        }
        const [verb, ...words] = line.split(' ');
        switch (verb.toUpperCase()) {
            case 'EHLO': {
                const auth = secure ? [`AUTH ${context.settings.mechanisms}`] : ['STARTTLS'];
                const offers = ['oauth.test', 'PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES', ...auth];
                offers.forEach((offer, index) => say(`250${index + 1 < offers.length ? '-' : ' '}${offer}`));
                break;
            }
            case 'STARTTLS':
                say('220 2.0.0 Go ahead');
                lines.stop();
                socket = new tls.TLSSocket(socket, { isServer: true, ...context.tls });
                lines = reader(socket);
                secure = true;
                break;
            case 'AUTH':
                if (!secure || user) {
                    say('503 5.5.1 Not now');
                } else {
                    user = await logIn(context, lines, say, ...words);
                }
                break;
            case 'MAIL':
                from = user && line.slice(10);
                say(user ? '250 2.1.0 Ok' : '530 5.7.0 Log in first');
                break;
            case 'RCPT':
                to.push(line.slice(8));
                say(from !== null ? '250 2.1.5 Ok' : '503 5.5.1 MAIL first');
                break;
            case 'DATA': {
                if (from === null || !to.length) {
                    say('503 5.5.1 RCPT first');
                    break;
                }
                say('354 Go on');
                let text = '';
                for (;;) {
                    const next = await lines.line();
                    if (next === null) {
                        return;
                    }
                    if (next === '.') {
                        break;
                    }
                    text += `${next.replace(/^\./, '')}\n`;
                }
                context.keep(`--- from ${from} to ${to.join(', ')}\n${text}`);
                context.note(`smtp message user=${user} from=${from} to=${to.join(',')}`);
                say('250 2.0.0 Kept');
                from = null;
                to = [];
                break;
            }
            case 'RSET':
            case 'NOOP':
                from = verb.toUpperCase() === 'RSET' ? null : from;
                to = verb.toUpperCase() === 'RSET' ? [] : to;
                say('250 2.0.0 Ok');
                break;
            case 'QUIT':
                await new Promise((resolve) => { socket.end('221 2.0.0 Bye\r\n', resolve); });
                return;
            default:
                say('502 5.5.2 Not known');
        }
    }
}

/** One AUTH command; returns the user, or null if it failed. */
async function logIn(context, lines, say, mechanism, initial) {
    const { settings } = context;
    const name = mechanism?.toUpperCase();
    if (!settings.mechanisms.split(' ').includes(name)) {
        say('504 5.5.4 No such mechanism');
        return null;
    }
    if (initial === undefined) {
        say('334 ');
        initial = await lines.line();
    }
    context.secret(initial);
    const message = Buffer.from(initial ?? '', 'base64').toString('utf8');
    const found = name === 'XOAUTH2'
        ? /^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$/.exec(message)
        : /^n,a=([^,\x01]+),\x01(?:host=[^\x01]*\x01)?(?:port=\d+\x01)?auth=Bearer ([^\x01]+)\x01\x01$/.exec(message);
    if (!found) {
        context.note(`smtp login mechanism=${name} result=malformed`);
        say('501 5.5.2 Not understood');
        return null;
    }
    const [, user, token] = found;
    const good = await context.isGood(user.replaceAll('=2C', ',').replaceAll('=3D', '='), token);
    await context.pause(settings.smtp_delay);
    context.note(`smtp login mechanism=${name} user=${user} result=${good ? 'ok' : 'refused'}`);
    if (good) {
        say('235 2.7.0 Welcome');
        return user;
    }
    if (settings.refusal === 'reason') {
        const reason = name === 'XOAUTH2'
            ? { status: '400', schemes: 'Bearer', scope: 'smtp' }
            : { status: 'invalid_token', scope: 'smtp', 'openid-configuration': `${context.issuer}/.well-known/openid-configuration` };
        say(`334 ${Buffer.from(JSON.stringify(reason)).toString('base64')}`);
        const acknowledgement = await lines.line();
        const want = name === 'XOAUTH2' ? '' : 'AQ==';
        if (acknowledgement !== want) {
            context.note(`smtp login mechanism=${name} acknowledgement=${acknowledgement}`);
        }
    }
    say('535 5.7.8 Token not accepted');
    return null;
}
