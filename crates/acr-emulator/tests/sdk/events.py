"""Looks up events at an endpoint with the official Python SDKs for ActionTrail, unchanged.

Usage: events.py HOST PORT ACCESS_KEY_ID ACCESS_KEY_SECRET EVENT_NAME START_TIME END_TIME

Prints one JSON object: for each SDK the ids of all events of EVENT_NAME, read in pages of two, newest first.
"""

import json
import sys

from aliyunsdkactiontrail.request.v20200706.LookupEventsRequest import LookupEventsRequest as CoreRequest
from aliyunsdkcore.client import AcsClient
from alibabacloud_actiontrail20200706.client import Client
from alibabacloud_actiontrail20200706.models import LookupEventsRequest, LookupEventsRequestLookupAttribute
from alibabacloud_tea_openapi.models import Config

HOST, PORT, KEY_ID, SECRET, NAME, START, END = sys.argv[1:]
PAGE_SIZE = "2"


def openapi(signature_algorithm):
    """The generated client of the newer family; `v2` makes it sign as the older one does."""
    client = Client(
        Config(
            access_key_id=KEY_ID,
            access_key_secret=SECRET,
            protocol="http",
            endpoint=f"{HOST}:{PORT}",
            signature_algorithm=signature_algorithm,
        )
    )

    def page(token):
        attribute = LookupEventsRequestLookupAttribute(key="EventName", value=NAME)
        request = LookupEventsRequest(
            lookup_attribute=[attribute], max_results=PAGE_SIZE, next_token=token, start_time=START, end_time=END
        )
        body = client.lookup_events(request).body
        return body.events or [], body.next_token

    return page


def core(token):
    """The older family."""
    client = AcsClient(KEY_ID, SECRET, "cn-shanghai", port=int(PORT))
    request = CoreRequest()
    request.set_endpoint(HOST)
    request.set_LookupAttributes([{"Key": "EventName", "Value": NAME}])
    request.set_MaxResults(PAGE_SIZE)
    request.set_StartTime(START)
    request.set_EndTime(END)
    if token:
        request.set_NextToken(token)
    body = json.loads(client.do_action_with_exception(request))
    return body.get("Events", []), body.get("NextToken")


def ids(page):
    found, token = [], None
    while True:
        events, token = page(token)
        found += [event["eventId"] for event in events]
        if not token:
            return found


print(
    json.dumps(
        {
            "alibabacloud_actiontrail20200706": ids(openapi(None)),
            "alibabacloud_actiontrail20200706, older signature": ids(openapi("v2")),
            "aliyun-python-sdk-actiontrail": ids(core),
        }
    )
)
