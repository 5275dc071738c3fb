// A browser that signs in and consents without a human: node browser.mjs --ca FILE [SWITCH]... URL
//
//   --user NAME    who signs in (smith@alpha.test)
//   --deny         does not consent
//   --print        prints the address at 127.0.0.1 where it ends, and does not go there
//   --forge        goes to that address with a wrong code and state first, and for its icon, as others might
//   --device CODE  the URL is where the code of a device is typed
//
// Standard output: where it ended, and in the next lines what it was shown there. Status 1 if a page was not as expected.

import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { parseArgs } from 'node:util';

const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        ca: { type: 'string' },
        user: { type: 'string', default: 'smith@alpha.test' },
        deny: { type: 'boolean' },
        print: { type: 'boolean' },
        forge: { type: 'boolean' },
        device: { type: 'string' },
    },
});
const ca = flags.ca && fs.readFileSync(flags.ca);
const cookies = new Map();

/** One request; cookies are those of the provider, which is the only host with any. */
function ask(url, form) {
    const body = form && new URLSearchParams(form).toString();
    const headers = { accept: 'text/html', cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    if (body !== undefined) {
        headers['content-type'] = 'application/x-www-form-urlencoded';
        headers['content-length'] = Buffer.byteLength(body);
    }
    if (url.protocol === 'http:') {
        delete headers.cookie;
    }
    return new Promise((resolve, reject) => {
        const request = (url.protocol === 'https:' ? https : http).request(url, { ca, headers, method: body === undefined ? 'GET' : 'POST' }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => {
                for (const line of url.protocol === 'https:' ? response.headers['set-cookie'] ?? [] : []) {
                    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
                    if (value) cookies.set(name, value); else cookies.delete(name);
                }
                resolve({ status: response.statusCode, headers: response.headers, text });
            });
        });
        request.on('error', reject);
        request.end(body);
    });
}

/** The first form of a page, filled in. */
function fillIn(page, url) {
    const decode = (text) => text?.replaceAll('&quot;', '"').replaceAll('&#x2F;', '/').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
    const attribute = (tag, name) => decode(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]);
    const [form] = /<form[\s\S]*?<\/form>/.exec(page) ?? [];
    if (!form) {
        return null;
    }
    const fields = {};
    for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
        fields[attribute(tag, 'name')] = attribute(tag, 'value') ?? '';
    }
    if ('login' in fields) {
        Object.assign(fields, { login: flags.user, password: 'any' });
    } else if ('user_code' in fields && !('confirm' in fields)) {
        fields.user_code ||= flags.device;
    } else if (flags.deny && 'confirm' in fields) {
        delete fields.confirm;
        fields.abort = 'yes';
    } else if (flags.deny && fields.prompt === 'consent') {
        return { to: new URL(/href="([^"]*\/abort)"/.exec(page)[1], url) };
    }
    return { to: new URL(attribute(form, 'action'), url), fields };
}

const words = (page) => page.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();

let url = new URL(positionals[0]);
let fields;
for (let step = 0; step < 20; step += 1) {
    if (url.protocol === 'http:') { // the end of the way: the program that asked
        console.log(url.href);
        if (flags.print) {
            process.exit(0);
        }
        if (flags.forge) {
            await ask(new URL('/favicon.ico', url));
            await ask(new URL('/?code=forged&state=forged', url));
            await ask(new URL('/?error=access_denied&state=forged', url));
        }
        const { status, text } = await ask(url);
        console.log(`${status} ${words(text)}`);
        process.exit(0);
    }
    const page = await ask(url, fields);
    fields = undefined;
    if (page.headers.location) {
        url = new URL(page.headers.location, url);
        continue;
    }
    const next = fillIn(page.text, url);
    const typedWrong = /incorrect|error processing|something went wrong/.test(page.text);
    const over = /interrupted/.test(page.text);
    if (page.status >= 400 || typedWrong || over || !next) {
        console.log(url.href);
        console.log(`${page.status} ${words(page.text)}`);
        const expected = flags.deny ? over : page.status < 400 && !typedWrong && !over;
        process.exit(expected ? 0 : 1);
    }
    ({ to: url, fields } = next);
}
console.error('browser: no end of pages');
process.exit(1);
