package io.claviger.client.command;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Describes in words the limits in an object from the API. {@code objects} has no words, because it
 * only acts in limits of access tokens.
 */
public final class LimitPhrases {
  private LimitPhrases() {}

  /** Returns a phrase for each limit. */
  public static List<String> of(JsonNode limits) {
    return Stream.concat(only(limits).stream(), amounts(limits).stream()).toList();
  }

  /** Returns a phrase for each kind of limit, such as {@code at most 4 calls at a time}. */
  public static List<String> bounds(JsonNode limits) {
    List<String> bounds = new ArrayList<>(only(limits));
    List<String> amounts = amounts(limits);
    if (!amounts.isEmpty()) {
      bounds.add("at most " + String.join(" and ", amounts));
    }
    return List.copyOf(bounds);
  }

  /** Names the things in a list, such as {@code the models a, b}; empty if there is no list. */
  public static Optional<String> named(JsonNode object, String kind) {
    return Optional.of(object.path(kind))
        .filter(JsonNode::isArray)
        .map(
            names ->
                names.values().stream()
                    .map(JsonNode::asString)
                    .map(TerminalText::name)
                    .collect(Collectors.joining(", ", "the " + kind + " ", "")));
  }

  private static List<String> only(JsonNode limits) {
    List<String> phrases = new ArrayList<>();
    for (String kind : List.of("models", "operations")) {
      named(limits, kind)
          .ifPresent(
              names -> phrases.add(limits.path(kind).isEmpty() ? "no " + kind : "only " + names));
    }
    JsonNode storage = limits.path("storage");
    if (storage.isArray()) {
      phrases.add(
          storage.isEmpty()
              ? "nothing stored"
              : storage.values().stream()
                  .map(JsonNode::asString)
                  .map(TerminalText::name)
                  .collect(Collectors.joining(", ", "only ", " stored")));
    }
    return phrases;
  }

  private static List<String> amounts(JsonNode limits) {
    List<String> phrases = new ArrayList<>();
    amount(limits, "requests_per_minute", "%s calls a minute").ifPresent(phrases::add);
    phrases.addAll(PaceOptions.words(limits));
    amount(limits, "max_output_tokens", "%s tokens of output a call").ifPresent(phrases::add);
    limits.path("budgets").values().stream().map(BudgetOption::words).forEach(phrases::add);
    amount(limits, "max_objects", "%s objects stored").ifPresent(phrases::add);
    amount(limits, "max_bytes", "%s bytes stored").ifPresent(phrases::add);
    return phrases;
  }

  private static Optional<String> amount(JsonNode limits, String name, String words) {
    return JsonTrees.optional(limits, name).map(words::formatted);
  }
}
