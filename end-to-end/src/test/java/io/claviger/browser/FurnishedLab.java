package io.claviger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.journeys.Api;
import io.claviger.journeys.Eventually;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * Gives a user and an administrator one thing of each kind. The names of the things would do harm
 * if a page showed them as anything but text.
 */
final class FurnishedLab {
  /** Markup, an end of direction, emoji, and a word that is wider than a telephone. */
  static final String HOSTILE =
      "<img src=x onerror=hit()>\"'><script>hit()</script>\u202eabc\u2066 \ud83e\udd96 "
          + "w".repeat(80);

  /** The first day of the prices. */
  static final String PRICED_FROM = "2026-01-01";

  /** An id that a provider might choose, wider than a telephone. */
  static final String SHARED_FILE = "file-%3Cscript%3Ehit()%3Cscript%3E" + "w".repeat(80);

  private static final Map<String, String> PRICE =
      Map.of("valid_from", PRICED_FROM, "input", "2.5");

  final String name;
  final Api owner;
  final Api administrator;
  final Api friend;
  final String transfer;
  final String request;
  final String group;
  final String review;
  final String budget;
  final String model;

  private FurnishedLab(
      String name, Api owner, Api administrator, Api friend, String transfer, String request) {
    this.name = name;
    this.owner = owner;
    this.administrator = administrator;
    this.friend = friend;
    this.transfer = transfer;
    this.request = request;
    this.group = name + "-group";
    this.review =
        owner.post("/v1/reviews", Map.of("service", name + "/chat")).isStatus(201).text("/id");
    this.model = administrator.get("/v1/model-configs").isStatus(200).text("/items/0/id");
    this.budget = administrator.get("/v1/budgets").isStatus(200).text("/items/0/id");
    String until = LocalDate.now(ZoneOffset.UTC).plusDays(9) + "T00:00:00Z";
    owner
        .post("/v1/budgets/" + budget + "/raises", Map.of("amount", "5", "until", until))
        .isStatus(201);
  }

  /**
   * @param name of the owner; an administrator has it with {@code -chief} behind it
   */
  static FurnishedLab of(Lab lab, String name) {
    Api owner = lab.user(name);
    Api chief = lab.journey.administrator(lab.node, name + "-chief");
    Api friend = lab.user(name + "-friend");
    chief.patch("/v1/users/" + name, Map.of("display_name", HOSTILE)).isStatus(200);
    lab.definition(owner, name + "/played");
    owner
        .put(
            "/v1/llm-definitions/" + name + "/played/shares/" + name + "-friend",
            Map.of("role", "reader"))
        .isStatus(201);
    services(lab, owner, name);
    String group = name + "-group";
    chief.put("/v1/groups/" + group, Map.of("display_name", HOSTILE)).isStatus(201);
    chief.put("/v1/groups/" + group + "/members/" + name, Map.of("role", "manager")).isStatus(201);
    members(owner, name);
    moved(chief, owner, name);
    owner
        .put("/v1/llm-services/" + name + "/chat/shares/@" + group, Map.of("role", "reader"))
        .isStatus(201);
    owner
        .put(
            "/v1/llm-services/" + name + "/chat/shared-objects/files/" + SHARED_FILE,
            Map.of("borrowers", List.of("@" + group)))
        .isStatus(201);
    String transfer =
        owner
            .post(
                "/v1/transfers",
                Map.of("services", List.of(name + "/given"), "to", name + "-friend"))
            .isStatus(201)
            .text("/id");
    owner
        .put(
            "/v1/llm-services/" + name + "/chat/shares/" + name + "-chief",
            Map.of(
                "role",
                "reader",
                "limits",
                Map.of("budgets", List.of(budget()), "models", List.of("<b>called</b>"))))
        .isStatus(201);
    String request =
        chief
            .post(
                "/v1/llm-services/" + name + "/chat/requests",
                Map.of("models", List.of("<i>wanted</i>"), "note", HOSTILE))
            .isStatus(201)
            .text("/id");
    catalogue(lab, chief, name);
    programs(chief, name);
    leaver(lab, name);
    prices(owner, chief, name);
    webhook(lab, owner, "users/" + name);
    webhook(lab, chief, "groups/" + group);
    return new FurnishedLab(name, owner, chief, friend, transfer, request);
  }

  /** The members of the project: the group, and the administrator. */
  private static void members(Api owner, String name) {
    Map.of("@" + name + "-group", "writer", name + "-chief", "reader")
        .forEach(
            (member, role) -> {
              TestResponse shared =
                  owner.put("/v1/projects/" + name + "/p/shares/" + member, Map.of("role", role));
              assertThat(shared.status()).isIn(200, 201);
            });
  }

  /** Restores the memberships that forms have ended. */
  void restoreMembers() {
    members(owner, name);
  }

  /** A service and a project that belonged to the administrator before. */
  private static void moved(Api chief, Api owner, String name) {
    String former = name + "-chief/moved";
    chief
        .put("/v1/llm-services/" + former, Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
    chief.put("/v1/projects/" + former, Map.of()).isStatus(201);
    String transfer =
        chief
            .post(
                "/v1/transfers",
                Map.of("services", List.of(former), "projects", List.of(former), "to", name))
            .isStatus(201)
            .text("/id");
    owner.post("/v1/transfers/" + transfer + "/accept", Map.of()).isStatus(200);
  }

  private static Map<String, Object> budget() {
    return Map.of("amount", "20", "unit", "usd", "window", "month", "unpriced", "allow");
  }

  private static void services(Lab lab, Api owner, String name) {
    String key = lab.journey.key(name);
    owner
        .put(
            "/v1/llm-services/" + name + "/chat",
            Map.of(
                "definition",
                name + "/played",
                "display_name",
                HOSTILE,
                "description",
                HOSTILE + "\n" + HOSTILE,
                "model",
                "<b>model</b>\"'onload=hit()",
                "api_key",
                key,
                "provider_limits",
                Map.of("requests_per_minute", 1_000_000_000, "concurrent_calls", 100_000),
                "capacity_group",
                "w".repeat(64),
                "custom_headers",
                Map.of("X-Secret", lab.journey.key(name + "-header"))))
        .isStatus(201);
    owner
        .put(
            "/v1/llm-services/" + name + "/chat/billing",
            Map.of("api_key", lab.journey.secret("sk-admin-" + name + "+3f9d51c7e2")))
        .isStatus(201);
    owner
        .put(
            "/v1/llm-services/" + name + "/given",
            Map.of("definition", name + "/played", "api_key", key))
        .isStatus(201);
    String unusedToo = lab.journey.serviceOfUserKeys(owner, name + "/own");
    owner
        .put(
            "/v1/llm-services/" + name + "/own/user-key",
            Map.of("endpoint", lab.journey.endpoint(), "api_key", lab.journey.key(name + "-own")))
        .isStatus(201);
    owner
        .put("/v1/users/" + name + "/default-service", Map.of("service", name + "/chat"))
        .isStatus(201);
    owner.embed(name + "/chat", Map.of("model", "<b>called</b>", "input", "hello")).isStatus(200);
    Duration unused =
        Eventually.holds(
            Duration.ofSeconds(20), () -> owner.get("/v1/usage").body().contains("called"));
    owner
        .put(
            "/v1/projects/" + name + "/p",
            Map.of("service", name + "/chat", "description", HOSTILE))
        .isStatus(201);
  }

  /** A service account with a trust, and somebody with an identity. */
  private static void programs(Api chief, String name) {
    String robot = "/v1/users/" + name + "-robot";
    chief
        .post(
            "/v1/users",
            Map.of(
                "handle",
                name + "-robot",
                "kind",
                "service",
                "responsible",
                name,
                "display_name",
                HOSTILE))
        .isStatus(201);
    chief
        .put(
            "/v1/trusted-issuers/" + name,
            Map.of("issuer", "https://" + name + ".example.org/" + "w".repeat(80)))
        .isStatus(201);
    String longest = HOSTILE + "w".repeat(200 - HOSTILE.length());
    chief.post("/v1/scim-tokens", Map.of("name", longest, "issuer", Lab.ISSUER)).isStatus(201);
    chief
        .put(
            "/v1/providers/" + name,
            Map.of("format", "openai", "endpoint", "https://models.example.org/" + "w".repeat(80)))
        .isStatus(201);
    chief
        .put(
            robot + "/trusts/main",
            Map.of(
                "issuer",
                name,
                "subject",
                "<img/src=x/onerror=hit()>" + "w".repeat(80),
                "claims",
                Map.of("repository", "<script>hit()</script>" + "w".repeat(80))))
        .isStatus(201);
    chief.post("/v1/users", Map.of("handle", name + "-linked")).isStatus(201);
    chief
        .put(
            "/v1/users/" + name + "-linked/identity",
            Map.of("issuer", "https://id.example.org", "subject", "<b>" + name + "</b>"))
        .isStatus(201);
  }

  /** Somebody with a service, whom the identity provider does not know any more. */
  private static void leaver(Lab lab, String name) {
    String leaver = name + "-leaver";
    lab.user(leaver)
        .put("/v1/llm-services/" + leaver + "/chat", Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
    lab.journey.tamper("update users set suspended_at = now() where handle = '" + leaver + "'");
  }

  /** Sets the webhook of the owner or of the group. */
  private static void webhook(Lab lab, Api owner, String receiver) {
    owner
        .put("/v1/" + receiver + "/webhook", Map.of("url", lab.receiver() + "/" + "w".repeat(80)))
        .isStatus(201);
  }

  private static void prices(Api owner, Api chief, String name) {
    ownPrice(owner, name).isStatus(201);
    owner
        .put(
            "/v1/llm-services/" + name + "/chat/bill/invoices/2026-01",
            Map.of("total", "3", "currency", "USD"))
        .isStatus(201);
    chief.put("/v1/prices/openai?model=%3Ci%3E" + name + "%3C%2Fi%3E", PRICE).isStatus(201);
  }

  private static TestResponse ownPrice(Api owner, String name) {
    return owner.put(
        "/v1/llm-services/" + name + "/chat/prices?model=%3Cb%3Ecalled%3C%2Fb%3E", PRICE);
  }

  /** Restores the price of the service, which a form might have deleted. */
  void restorePrice() {
    TestResponse stated = ownPrice(owner, name);
    assertThat(stated.status()).isIn(200, 201);
  }

  private static String everybodys(String name) {
    return "_system/" + name;
  }

  /** Removes everything that everybody sees. */
  void removeEverybodys(Lab lab) {
    lab.root().delete("/v1/llm-services/" + everybodys(name)).isStatus(204);
  }

  private static void catalogue(Lab lab, Api chief, String name) {
    String service = everybodys(name);
    chief
        .put(
            "/v1/llm-services/" + service,
            Map.of(
                "provider",
                "openai",
                "model",
                "parrot-large",
                "endpoint",
                lab.journey.endpoint(),
                "api_key",
                lab.journey.key(service)))
        .isStatus(201);
    chief
        .post(
            "/v1/model-configs",
            Map.of(
                "provider", "openai",
                "model", "parrot-large",
                "name", name,
                "display_name", HOSTILE,
                "service", service))
        .isStatus(201);
    String deleted =
        chief
            .post(
                "/v1/model-configs",
                Map.of(
                    "provider",
                    "openai",
                    "model",
                    "parrot-small",
                    "name",
                    name + "-deleted",
                    "display_name",
                    HOSTILE))
            .isStatus(201)
            .text("/id");
    chief.delete("/v1/model-configs/" + deleted).isStatus(204);
  }
}
