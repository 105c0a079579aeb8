package io.claviger.client.command;

import io.claviger.client.json.JsonTrees;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The options of a command that limits tokens per minute and concurrent calls. */
public final class PaceOptions {
  @Option(
      names = "--tokens-per-minute",
      paramLabel = "NUMBER",
      description = "The maximum number of input and output tokens together, per minute.")
  private Optional<Integer> tokens = Optional.empty();

  @Option(
      names = "--input-tokens-per-minute",
      paramLabel = "NUMBER",
      description = "The maximum number of input tokens per minute.")
  private Optional<Integer> inputTokens = Optional.empty();

  @Option(
      names = "--output-tokens-per-minute",
      paramLabel = "NUMBER",
      description = "The maximum number of output tokens per minute.")
  private Optional<Integer> outputTokens = Optional.empty();

  @Option(
      names = "--concurrent-calls",
      paramLabel = "NUMBER",
      description = "The maximum number of concurrent calls.")
  private Optional<Integer> calls = Optional.empty();

  /** Adds the limits that the user gave, under the names of these limits in the API. */
  public void addTo(ObjectNode limits) {
    tokens.ifPresent(number -> limits.put("tokens_per_minute", number));
    inputTokens.ifPresent(number -> limits.put("input_tokens_per_minute", number));
    outputTokens.ifPresent(number -> limits.put("output_tokens_per_minute", number));
    calls.ifPresent(number -> limits.put("concurrent_calls", number));
  }

  /** Describes in words the pace limits in an object from the API. */
  public static List<String> words(JsonNode limits) {
    return Stream.of(
            words(limits, "tokens_per_minute", "%s tokens a minute"),
            words(limits, "input_tokens_per_minute", "%s tokens of input a minute"),
            words(limits, "output_tokens_per_minute", "%s tokens of output a minute"),
            words(limits, "concurrent_calls", "%s calls at a time"))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> words(JsonNode limits, String name, String words) {
    return JsonTrees.optional(limits, name).map(words::formatted);
  }
}
