package io.claviger.browser;

import java.util.ArrayList;
import java.util.List;

/** The addresses of all pages, with something on each of them. */
record ConsolePages(FurnishedLab furnished) {
  /** Pages for everybody, as the owner of their contents sees them. */
  List<String> ofOwner() {
    String name = furnished.name;
    String service = "/console/services/" + name + "/chat";
    List<String> pages = new ArrayList<>(ofService(service));
    pages.addAll(
        List.of(
            "/console",
            "/console/services",
            "/console/services?q=nothing-fits",
            "/console/search",
            "/console/search?q=" + name.substring(0, 3),
            "/console/people/" + name,
            "/console/services/register",
            "/console/services/register?from=nothing",
            "/console/services/register?from=nothing&credential=oauth_client",
            "/console/services/register?from=nothing&credential=google_service_account",
            "/console/services/register?from=nothing&credential=federated-aws",
            "/console/services/" + name + "/own",
            "/console/services/" + name + "/own/key",
            "/console/budgets",
            "/console/budgets?service=" + name + "/chat",
            "/console/budgets/" + furnished.budget,
            "/console/what-if?service=" + name + "/chat",
            "/console/requests",
            "/console/requests/" + furnished.request,
            "/console/requests/muted",
            "/console/requests/new?service=" + name + "-chief/none",
            "/console/usage?by=model",
            "/console/usage?by=user&from=not-a-day",
            "/console/models",
            "/console/prices",
            "/console/why?service=" + name + "/chat",
            "/console/audit",
            "/console/audit/access?service=" + name + "/chat",
            "/console/audit/refusals",
            "/console/groups",
            "/console/groups/" + furnished.group,
            "/console/approvals",
            "/console/reviews",
            "/console/reviews/" + furnished.review,
            "/console/transfers",
            "/console/transfers/" + furnished.transfer,
            "/console/definitions",
            "/console/definitions/_system/openai-small",
            "/console/definitions/" + name + "/played",
            "/console/projects",
            "/console/projects/new",
            "/console/projects/" + name + "/p",
            "/console/projects/" + name + "/p/people",
            "/console/projects/" + name + "/p/people/add?to=%40" + furnished.group,
            "/console/projects/" + name + "/p/objects",
            "/console/projects/" + name + "/p/transfer",
            "/console/projects/" + name + "/moved/former-references",
            "/console/services/" + name + "/moved/former-references",
            "/console/projects/" + name + "/p/delete",
            "/console/device",
            "/console/account",
            "/console/account/objects",
            "/console/account/connections",
            "/console/account/objects?kind=files",
            "/console/account/objects/delete?kind=files&id=" + FurnishedLab.SHARED_FILE,
            "/console/account/service-accounts"));
    return pages;
  }

  private List<String> ofService(String service) {
    String price = "?model=%3Cb%3Ecalled%3C%2Fb%3E&valid_from=" + FurnishedLab.PRICED_FROM;
    return List.of(
        service,
        service + "/people",
        service + "/key",
        service + "/activity",
        service + "/settings",
        service + "/credential",
        service + "/credential?credential=federated-google",
        service + "/credential/confirm",
        service + "/lend",
        service + "/lend?to=" + furnished.name + "-chief",
        service + "/connect",
        service + "/transfer",
        service + "/delete",
        service + "/attribution",
        service + "/billing",
        service + "/objects",
        service + "/objects?user=nobody",
        service + "/objects/compare",
        service + "/objects?shared_id=" + "w".repeat(80),
        service + "/objects/delete?kind=files&id=" + FurnishedLab.SHARED_FILE,
        service + "/prices",
        service + "/price",
        service + "/price" + price,
        service + "/price/delete" + price,
        service + "/capacity",
        service + "/connections",
        service + "/bill",
        service + "/bill?month=2026-01");
  }

  /** Pages for administrators, or those that show them more than others. */
  List<String> ofAdministrator() {
    String person = "/console/people/" + furnished.name;
    String group = "/console/groups/" + furnished.group;
    String price =
        "?provider=openai&model=%3Ci%3E"
            + furnished.name
            + "%3C%2Fi%3E&valid_from="
            + FurnishedLab.PRICED_FROM;
    return List.of(
        "/console/models",
        "/console/models/catalogue/" + furnished.model,
        "/console/models/catalogue/" + furnished.model + "/delete",
        "/console/models/new",
        "/console/models/deleted",
        "/console/definitions",
        "/console/definitions/_system/openai-small",
        "/console/operations/retention",
        "/console/people",
        "/console/people?q=nothing-fits",
        "/console/services?whose=everybody",
        person,
        person + "/delete",
        person + "/limits",
        person + "/webhook",
        group + "/webhook",
        "/console/people/_system/webhook",
        person + "/access",
        person + "-leaver/delete",
        person + "-linked/identity",
        "/console/projects/" + furnished.name + "/p/leave",
        "/console/services/" + furnished.name + "/chat/connect",
        person + "-robot",
        person + "-robot/access",
        person + "-robot/trusts",
        person + "-robot/trusts/main",
        "/console/scim",
        "/console/trusted-issuers",
        "/console/trusted-issuers/" + furnished.name,
        "/console/new-person",
        "/console/budgets",
        "/console/prices",
        "/console/providers",
        "/console/providers/" + furnished.name,
        "/console/price",
        "/console/price" + price,
        "/console/price/delete" + price,
        "/console/requests/new?service=" + furnished.name + "/chat",
        "/console/requests/" + furnished.request,
        "/console/groups",
        group + "/limits",
        group + "/pooled-limits",
        group + "/delete",
        group + "/member?user=" + furnished.name,
        "/console/audit/keys?older_than_days=0",
        "/console/usage?by=model&group=" + furnished.group,
        "/console/operations");
  }

  /** Pages for somebody to whom a service is offered. */
  List<String> ofReceiver() {
    return List.of("/console", "/console/transfers/" + furnished.transfer);
  }

  /** Pages for visitors who are not signed in. */
  static List<String> ofStrangers() {
    return List.of("/console/sign-in", "/console/sign-in/link/" + "x".repeat(43));
  }

  /** Pages that an owner who is not an administrator does not find, or may not see. */
  List<String> lost() {
    return List.of(
        "/console/services/" + furnished.name + "/nothing",
        "/console/services/%3Cimg%20src%3Dx%20onerror%3Dhit()%3E/" + "w".repeat(80),
        "/console/services/" + furnished.name + "/nothing/settings",
        "/console/services?q=%00",
        "/console/services?q=%FF",
        "/console/services?cursor=%00",
        "/console/audit?target=%ZZ",
        "/console/groups/%E2%80%AEabc",
        "/console/budgets/" + "w".repeat(200),
        "/console/no-such-page",
        "/console/people");
  }
}
