package io.claviger.client.apply;

import io.claviger.client.apply.PlanStep.Action;
import io.claviger.client.apply.PlanStep.SecretDelivery;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes plans as text for people, or as JSON for programs. The text of a plan contains no secrets.
 * The text says where each secret comes from.
 */
final class PlanText {
  private static final int LONGEST_VALUE = 100;

  private PlanText() {}

  static List<String> lines(PlanStep step) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(step));
    for (FieldChange change : step.changes()) {
      lines.add(
          TerminalText.line(
              step.action() == Action.CREATE
                  ? "%s: %s".formatted(change.field(), shown(change.after()))
                  : "%s: %s -> %s"
                      .formatted(change.field(), shown(change.before()), shown(change.after()))));
    }
    step.secrets().ifPresent(delivery -> lines.addAll(destinations(delivery)));
    for (int n = 1; n < lines.size(); n++) {
      lines.set(n, "    " + lines.get(n));
    }
    return List.copyOf(lines);
  }

  static String headline(PlanStep step) {
    String sign =
        switch (step.action()) {
          case CREATE -> "+";
          case CHANGE -> "~";
          case DELETE -> "-";
        };
    return TerminalText.line(sign + " " + step.key());
  }

  /**
   * Returns a line that says why a share or member that the file lacks is not deleted, or why it
   * ends nevertheless.
   */
  static String kept(Plan.KeptResource kept) {
    if (kept.endsWith().isPresent()) {
      return TerminalText.line(
          "= %s ends: it depends on %s, who is no longer a co-owner"
              .formatted(kept.key(), kept.endsWith().get()));
    }
    String from =
        kept.appliedBy().map("given by the file \"%s\""::formatted).orElse("given by hand");
    return TerminalText.line(
        kept.coOwner()
            .map(
                step ->
                    "= %s is kept unless it exceeds the changed share of %s: %s"
                        .formatted(kept.key(), step.key().name(), from))
            .orElseGet(() -> "= %s is kept: %s".formatted(kept.key(), from)));
  }

  /** Returns a line for each secret, with the secret's destination. */
  static List<String> destinations(SecretDelivery delivery) {
    List<String> lines = new ArrayList<>();
    String trust =
        switch (delivery.destination()) {
          case KNOWN -> "";
          case BY_HEADER -> " (headers from files may change where it goes)";
          case NEW -> " (new destination)";
          case NOT_IN_FILE -> " (not named by the file)";
        };
    String to = delivery.endpoint() + trust;
    delivery
        .key()
        .ifPresent(
            key ->
                lines.add(
                    TerminalText.line(
                        "%s: %s -> %s"
                            .formatted(
                                key.name(),
                                key.from(),
                                delivery.destinations().replace(" ", " and ") + trust))));
    delivery
        .headers()
        .ifPresent(
            named ->
                named.forEach(
                    (name, from) ->
                        lines.add(
                            TerminalText.line(
                                "custom_headers.%s: %s -> %s".formatted(name, from, to)))));
    if (!delivery.kept().isEmpty()) {
      lines.add(
          TerminalText.line(
              "stored custom headers are sent with it: " + String.join(", ", delivery.kept())));
    }
    return lines;
  }

  /** Returns a value as JSON. A value that is too long is cut, and its whole length is stated. */
  private static String shown(JsonNode value) {
    String text = new String(JsonTrees.bytes(value), StandardCharsets.UTF_8);
    int length = text.codePointCount(0, text.length());
    return length > LONGEST_VALUE
        ? "%s… (%d characters)"
            .formatted(text.substring(0, text.offsetByCodePoints(0, LONGEST_VALUE)), length)
        : text;
  }

  /**
   * Returns a sentence with the numbers of resources that a plan creates, changes, deletes and
   * leaves unchanged.
   */
  static String summary(Plan plan) {
    return "%d to create, %d to change, %d to delete, %d unchanged"
        .formatted(
            count(plan, Action.CREATE),
            count(plan, Action.CHANGE),
            count(plan, Action.DELETE),
            plan.unchanged());
  }

  /**
   * @param waiting the number of steps that wait for the consent of other users
   */
  static String done(Plan plan, int waiting) {
    return "%d created, %d changed, %d deleted, %d unchanged"
            .formatted(
                count(plan, Action.CREATE),
                count(plan, Action.CHANGE),
                count(plan, Action.DELETE),
                plan.unchanged())
        + (waiting == 0 ? "" : "; %d of these wait for consent".formatted(waiting));
  }

  private static long count(Plan plan, Action action) {
    return plan.steps().stream().filter(step -> step.action() == action).count();
  }

  static JsonNode json(Plan plan) {
    ObjectNode root = JsonTrees.object();
    ArrayNode steps = root.putArray("steps");
    for (PlanStep step : plan.steps()) {
      ObjectNode each = steps.addObject();
      each.put("action", step.action().name().toLowerCase(java.util.Locale.ROOT));
      ArrayNode changes = named(each, step.key()).putArray("changes");
      for (FieldChange change : step.changes()) {
        ObjectNode field = changes.addObject().put("field", change.field());
        field.set("before", change.before());
        field.set("after", change.after());
      }
      each.set("secrets", json(step));
    }
    root.put("unchanged", plan.unchanged());
    ArrayNode kept = root.putArray("kept");
    for (Plan.KeptResource each : plan.kept()) {
      named(kept.addObject(), each.key())
          .put("applied_by", each.appliedBy().orElse(null))
          .put("ends_with", each.endsWith().orElse(null));
    }
    return root;
  }

  private static ObjectNode named(ObjectNode object, ResourceKey key) {
    return object
        .put("kind", key.kind().noun())
        .put("name", key.name())
        .put("of", key.of().isEmpty() ? null : key.of());
  }

  private static JsonNode json(PlanStep step) {
    ArrayNode secrets = JsonTrees.object().arrayNode();
    step.secrets()
        .ifPresent(
            delivery -> {
              delivery.key().ifPresent(key -> add(secrets, key.name(), key.from(), delivery));
              delivery
                  .headers()
                  .ifPresent(
                      named -> named.forEach((name, from) -> add(secrets, name, from, delivery)));
            });
    return secrets;
  }

  private static void add(
      ArrayNode secrets, String name, SecretReference from, SecretDelivery delivery) {
    ObjectNode secret = secrets.addObject();
    secret
        .put("name", name)
        .put("from", from.toString())
        .put("endpoint", delivery.endpoint())
        .put("new_destination", delivery.destination() != PlanStep.DestinationTrust.KNOWN)
        .put("named_by_file", delivery.destination() != PlanStep.DestinationTrust.NOT_IN_FILE);
    if (!delivery.tokenUrls().isEmpty()) {
      delivery.tokenUrls().forEach(secret.putArray("token_urls")::add);
    }
  }
}
