package io.claviger.browser;

import io.claviger.journeys.Api;
import io.claviger.journeys.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What somebody and an administrator have of everything, under names that would do harm if a page
 * showed them as anything but text.
 */
final class FurnishedLab {
  /** Markup, an end of direction, emoji, and a word that is wider than a telephone. */
  static final String HOSTILE =
      "<img src=x onerror=hit()>\"'><script>hit()</script>\u202eabc\u2066 \ud83e\udd96 "
          + "w".repeat(80);

  private final String name;
  final Api owner;
  final Api administrator;
  final String transfer;
  final String request;
  final String group;

  private FurnishedLab(
      String name, Api owner, Api administrator, String transfer, String request, String group) {
    this.name = name;
    this.owner = owner;
    this.administrator = administrator;
    this.transfer = transfer;
    this.request = request;
    this.group = group;
  }

  /**
   * @param name of the owner; an administrator has it with {@code -chief} behind it
   */
  static FurnishedLab of(Lab lab, String name) {
    Api owner = lab.user(name);
    Api chief = lab.journey.administrator(lab.node, name + "-chief");
    lab.user(name + "-friend");
    chief.patch("/v1/users/" + name, Map.of("display_name", HOSTILE)).isStatus(200);
    lab.definition(owner, name + "/played");
    services(lab, owner, name);
    String group = name + "-group";
    chief.put("/v1/groups/" + group, Map.of("display_name", HOSTILE)).isStatus(201);
    chief.put("/v1/groups/" + group + "/members/" + name, Map.of("role", "manager")).isStatus(201);
    owner
        .put("/v1/llm-services/" + name + "/chat/shares/@" + group, Map.of("role", "reader"))
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
    return new FurnishedLab(name, owner, chief, transfer, request, group);
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
                "custom_headers",
                Map.of("X-Secret", lab.journey.key(name + "-header"))))
        .isStatus(201);
    owner
        .put(
            "/v1/llm-services/" + name + "/given",
            Map.of("definition", name + "/played", "api_key", key))
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

  private static String everybodys(String name) {
    return "_system/" + name;
  }

  /** Takes away what everybody sees. */
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
  }
}
