"""Receives the samples of `crdrift notify test`, and verifies them as a consumer would."""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

import jsonschema
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

received = []


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        received.append((body, dict(self.headers.items())))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def main(crdrift):
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/watch.yaml", "w") as file:
            file.write(
                "version: 1\nestates: [{ name: shop, rules: [rules.yaml] }]\nnotify:\n"
                "  - name: hook\n    kind: webhook\n"
                f"    url: http://127.0.0.1:{server.server_port}/hook\n    secret: ${{env.HOOK_KEY}}\n"
            )
        environment = {**os.environ, "HOOK_KEY": KEY}
        command = [crdrift, "notify", "test", "hook", "--config", "watch.yaml"]
        subprocess.run(command, cwd=folder, env=environment, check=True)
    with open("schemas/notification.v1.schema.json") as file:
        schema = json.load(file)
    assert len(received) == 2, received
    events = []
    for body, headers in received:
        lower = {name.lower(): value for name, value in headers.items()}
        document = Webhook(KEY).verify(body, lower)
        jsonschema.validate(document, schema)
        events += document["events"]
        for changed in (body + b" ", body.replace(b"example", b"exampel")):
            try:
                Webhook(KEY).verify(changed, lower)
            except WebhookVerificationError:
                continue
            raise AssertionError("a changed body is not signed")
    assert events == ["opened", "resolved"], events
    print("Standard Webhooks: 2 samples verified")


main(sys.argv[1])
