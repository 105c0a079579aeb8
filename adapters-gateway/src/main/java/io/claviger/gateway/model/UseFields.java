package io.claviger.gateway.model;

import io.claviger.domain.standards.WireFormat;
import java.util.Comparator;
import java.util.Set;

/**
 * The members of a body that say how much output is asked for.
 *
 * @param parents the members of the outermost object that hold them; empty where they are members
 *     of the outermost object themselves
 * @param output those that state the most output tokens of an answer
 * @param answers those that state the number of answers
 * @param streamsUnlessSaid whether the answer is streamed where the body does not say
 */
record UseFields(
    WireFormat format,
    Set<String> parents,
    Set<String> output,
    Set<String> answers,
    boolean streamsUnlessSaid) {
  private static final Set<String> OUTERMOST = Set.of();

  /**
   * @param path below the service
   */
  static UseFields of(WireFormat format, String path) {
    return switch (format) {
      case OPENAI ->
          new UseFields(format, OUTERMOST, ofOpenAi(path), Set.of("n", "best_of"), false);
      case ANTHROPIC -> new UseFields(format, OUTERMOST, Set.of("max_tokens"), Set.of(), false);
      case COHERE ->
          new UseFields(format, OUTERMOST, Set.of("max_tokens"), Set.of("num_generations"), false);
      case GEMINI ->
          new UseFields(
              format,
              Set.of("generationConfig", "generation_config"),
              Set.of("maxOutputTokens", "max_output_tokens"),
              Set.of("candidateCount", "candidate_count"),
              path.contains(":stream"));
      case OLLAMA ->
          new UseFields(format, Set.of("options"), Set.of("num_predict"), Set.of(), true);
    };
  }

  /** The member that callers are told to set. */
  String outputField() {
    return switch (format) {
      case OPENAI -> output.stream().max(Comparator.comparingInt(String::length)).orElseThrow();
      case ANTHROPIC, COHERE -> "max_tokens";
      case GEMINI -> "generationConfig.maxOutputTokens";
      case OLLAMA -> "options.num_predict";
    };
  }

  private static Set<String> ofOpenAi(String path) {
    if (path.endsWith("responses") || path.endsWith("responses/compact")) {
      return Set.of("max_output_tokens");
    }
    return path.endsWith("chat/completions")
        ? Set.of("max_tokens", "max_completion_tokens")
        : Set.of("max_tokens");
  }
}
