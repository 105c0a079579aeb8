"""Calls a node with the generated client: calls.py URL ADMINISTRATORS_TOKEN PROVIDERS_URL"""

import sys

import openapi_client as claviger


def client(url, token):
    return claviger.ApiClient(claviger.Configuration(host=url, access_token=token))


def main(url, token, provider):
    with client(url, token) as api:
        created = claviger.AccountsApi(api).create_user(claviger.UserCreation(handle="bob"))
        assert created.email is None
        assert claviger.AccountsApi(api).get_user("bob").handle == "bob"

    with client(url, created.access_token) as api:
        accounts = claviger.AccountsApi(api)
        assert accounts.get_me().token.expires_at is None
        issued = accounts.issue_token("bob", claviger.TokenCreation(name="nightly", scope="use"))
        assert issued.last_used_at is None
        assert accounts.list_tokens("bob").items

        services = claviger.LLMServicesApi(api)
        written = services.put_service(
            "bob",
            "own",
            claviger.LlmServiceWrite(
                provider="openai-compat",
                endpoint=provider,
                model="text-embedding-3-small",
                dimensions=8,
                enabled=False,
                api_key="sk-generated-client",
            ),
        )
        assert written.note is None and written.api_key_set_at is not None
        patched = services.patch_service("bob", "own", claviger.LlmServiceWrite(note="Mine."))
        assert patched.note == "Mine." and not patched.enabled
        services.patch_service("bob", "own", claviger.LlmServiceWrite(enabled=True))
        assert services.get_service("bob", "own").has_api_key
        assert services.list_services("bob").items
        assert services.get_key_resolution("bob", "own").source == "central"
        assert services.check_service("bob", "own").status == "ok"
        assert services.check_services("bob").items
        default = claviger.DefaultServiceWrite(service="own")
        assert services.put_default_service("bob", default).service == "bob/own"

        shares = claviger.SharesApi(api)
        given = shares.put_share("bob", "own", "root", claviger.ShareWrite(role="reader"))
        assert given.expires_at is None and given.user == "root"
        shares.put_share("bob", "own", "root", claviger.ShareWrite(role="reader", may_reshare=True))
        patched = shares.update_share("bob", "own", "root", claviger.ShareWrite(role="writer"))
        assert patched.may_reshare
        assert shares.list_shares("bob", "own").items

        projects = claviger.ProjectsApi(api)
        assert projects.put_project("bob", "plan", claviger.ProjectWrite(service="own")).service
        assert claviger.DefinitionsApi(api).list_definitions().items
        assert claviger.UsageApi(api).list_usage().items is not None
        assert claviger.AuditApi(api).list_audit_events().items
        try:
            services.get_service("bob", "absent")
        except claviger.exceptions.NotFoundException as refused:
            assert refused.data.status == 404
        else:
            raise AssertionError("an absent service was found")


main(*sys.argv[1:])
