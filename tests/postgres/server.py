"""A server that counts: which message it took how often. It takes a moment, so that those who send can be stopped in the
middle."""

import random
import re
import socket
import threading
import time
from collections import Counter


class Server:
    def __init__(self, slow=0.0, reply=0.0):
        self.slow = slow
        self.reply = reply
        self.taken = Counter()
        self.times = {}
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            self.session(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def session(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = connection.makefile("rb")

        def say(text):
            time.sleep(self.reply)
            connection.sendall(text.encode() + b"\r\n")

        say("220 counts")
        for line in lines:
            verb = line.strip().upper()
            if verb.startswith(b"EHLO"):
                say("250-counts\r\n250-PIPELINING\r\n250 8BITMIME")
            elif verb == b"DATA":
                say("354 go on")
                name = None
                whole = False
                for line in lines:
                    found = re.match(rb"X-Number: (\S+)", line)
                    name = found.group(1).decode() if found else name
                    if line == b".\r\n":
                        whole = True
                        break
                if not whole:
                    return
                time.sleep(random.random() * self.slow)
                with self.lock:
                    self.taken[name] += 1
                    self.times[name] = time.time()
                time.sleep(random.random() * self.slow)
                say("250 2.0.0 taken")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 2.0.0 OK")
