package io.claviger.client.sharing;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.TimeText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a share lets somebody do, in a sentence. */
final class ShareWords {
  private ShareWords() {}

  static String of(String service, JsonNode share) {
    String grantee = JsonTrees.text(share, "grantee");
    List<String> parts = new ArrayList<>();
    parts.add(
        "%s may %s %s"
            .formatted(
                grantee.startsWith("@") ? "Each member of " + grantee : grantee,
                verb(JsonTrees.text(share, "role")),
                service));
    JsonNode limits = share.path("limits");
    if (limits.path("models").isArray()) {
      parts.add("with the models " + list(limits.path("models")));
    }
    JsonTrees.optional(limits, "requests_per_minute")
        .ifPresent(number -> parts.add("%s times a minute at most".formatted(number)));
    for (JsonNode budget : limits.path("budgets")) {
      parts.add("up to " + BudgetOption.words(budget));
    }
    parts.add(
        JsonTrees.time(share, "expires_at")
            .map(end -> "until " + TimeText.words(end))
            .orElse("until you revoke it"));
    return String.join(", ", parts) + ".";
  }

  private static String verb(String role) {
    return switch (role) {
      case "reader" -> "use";
      case "writer" -> "use and configure";
      case "owner" -> "use, configure and lend";
      default -> "be %s of".formatted(role);
    };
  }

  private static String list(JsonNode names) {
    return names.values().stream().map(JsonNode::asString).collect(Collectors.joining(", "));
  }
}
