#!/usr/bin/env python3
"""vanish.py: an SMTP server on port 25 of 203.0.113.21 that never replies to a message.

It takes it to the end, and closes the connection. Whether it has been accepted, nobody can tell.
"""

import socketserver

ADDRESS = ("203.0.113.21", 25)


class Session(socketserver.StreamRequestHandler):
    timeout = 30

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 vanish.lab.example ESMTP")
        while line := self.rfile.readline(1000):
            verb = line[:4].upper()
            if verb == b"QUIT":
                return self.say("221 bye")
            if verb != b"DATA":
                self.say("250 OK")
                continue
            self.say("354 go on")
            while (line := self.rfile.readline(100_000)) and line != b".\r\n":
                pass
            return None
        return None


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


if __name__ == "__main__":
    Server(ADDRESS, Session).serve_forever()
