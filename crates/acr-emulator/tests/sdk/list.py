"""Lists an instance's sync rules from an endpoint with the official Python SDKs, unchanged.

Usage: list.py HOST PORT ACCESS_KEY_ID ACCESS_KEY_SECRET INSTANCE_ID NAMESPACE

Prints one JSON object: for each SDK the names of all rules, read in pages of two, the names of the rules in
NAMESPACE, and the error code that a wrong secret gets.
"""

import json
import sys

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcr.request.v20181201.ListRepoSyncRuleRequest import ListRepoSyncRuleRequest as CoreRequest
from alibabacloud_cr20181201.client import Client
from alibabacloud_cr20181201.models import ListRepoSyncRuleRequest
from alibabacloud_tea_openapi.models import Config
from Tea.exceptions import TeaException

HOST, PORT, KEY_ID, SECRET, INSTANCE, NAMESPACE = sys.argv[1:]
PAGE_SIZE = 2


def openapi(signature_algorithm):
    """The generated client of the newer family; `v2` makes it sign as the older one does."""

    def page(number, namespace, secret):
        client = Client(
            Config(
                access_key_id=KEY_ID,
                access_key_secret=secret,
                protocol="http",
                endpoint=f"{HOST}:{PORT}",
                signature_algorithm=signature_algorithm,
            )
        )
        request = ListRepoSyncRuleRequest(
            instance_id=INSTANCE, namespace_name=namespace, page_no=number, page_size=PAGE_SIZE
        )
        try:
            body = client.list_repo_sync_rule(request).body
        except TeaException as error:
            return error.code
        return body.total_count, [rule.sync_rule_name for rule in body.sync_rules or []]

    return page


def core(number, namespace, secret):
    """The older family."""
    client = AcsClient(KEY_ID, secret, "cn-shanghai", port=int(PORT))
    request = CoreRequest()
    request.set_endpoint(HOST)
    request.set_InstanceId(INSTANCE)
    request.set_PageNo(number)
    request.set_PageSize(PAGE_SIZE)
    if namespace is not None:
        request.set_NamespaceName(namespace)
    try:
        body = json.loads(client.do_action_with_exception(request))
    except ServerException as error:
        return error.get_error_code()
    return body["TotalCount"], [rule["SyncRuleName"] for rule in body["SyncRules"]]


def names(page, namespace=None):
    listed, number, total = [], 1, None
    while total is None or (number - 1) * PAGE_SIZE < total:
        total, rules = page(number, namespace, SECRET)
        listed += rules
        number += 1
    return listed


def tried(page):
    return {"all": names(page), "filtered": names(page, NAMESPACE), "wrong_secret": page(1, None, "wrong")}


print(
    json.dumps(
        {
            "alibabacloud_cr20181201": tried(openapi(None)),
            "alibabacloud_cr20181201, older signature": tried(openapi("v2")),
            "aliyun-python-sdk-cr": tried(core),
        }
    )
)
