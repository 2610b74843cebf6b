"""Serves a folder over HTTPS on loopback, with a certificate that openssl makes: serve.py FOLDER CERTIFICATE.

Writes the certificate with its key beside it, prints the port, and serves until the process is ended.
"""

import http.server
import ssl
import subprocess
import sys

folder, certificate = sys.argv[1:]
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
     "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", certificate + ".key", "-out", certificate],
    check=True, stderr=subprocess.DEVNULL,
)


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory=folder)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, certificate + ".key")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
