package io.claviger.domain.formats;

import io.claviger.domain.standards.WireFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The members of a body that say how much output is asked for. Folded names are in lower case and
 * without underscores.
 *
 * @param outputField the member that messages ask callers to set
 * @param parents the members of the outermost object that hold them, folded; empty where they are
 *     members of the outermost object themselves
 * @param output those that state the most output tokens of an answer
 * @param foldedOutput the same, folded
 * @param streamsUnlessSaid whether the answer is streamed where the body does not say
 * @param ranks whether texts are ranked, each of which is read together with a query
 */
public record UseFields(
    WireFormat format,
    String outputField,
    Set<String> parents,
    Set<String> output,
    Set<String> foldedOutput,
    boolean streamsUnlessSaid,
    boolean ranks) {
  /**
   * Members by which some API states the most output, folded. Servers that speak several of these
   * APIs may follow any of them, so a body gets only one.
   */
  public static final Set<String> ALL_OUTPUT =
      Set.of(
          "maxtokens",
          "maxcompletiontokens",
          "maxoutputtokens",
          "maxnewtokens",
          "maxtokenstosample",
          "maxgenlen",
          "numpredict",
          "npredict");

  /** Members by which some API states the number of answers, folded. */
  public static final Set<String> ANSWERS =
      Set.of(
          "n",
          "bestof",
          "candidatecount",
          "numgenerations",
          "numreturnsequences",
          "numresults",
          "numcompletions",
          "numchoices",
          "numimages",
          "numberofimages",
          "samplecount",
          "batchsize");

  private static final UseFields OPENAI_RESPONSES =
      outermost(WireFormat.OPENAI, "max_output_tokens", Set.of("max_output_tokens"));

  private static final UseFields OPENAI_CHAT =
      outermost(
          WireFormat.OPENAI,
          "max_completion_tokens",
          Set.of("max_tokens", "max_completion_tokens"));

  private static final UseFields OPENAI =
      outermost(WireFormat.OPENAI, "max_tokens", Set.of("max_tokens"));

  private static final UseFields OPENAI_PAGES =
      outermost(WireFormat.OPENAI, "max_tokens", Set.of());

  private static final UseFields OPENAI_RANKS = ranking(WireFormat.OPENAI);
  private static final UseFields COHERE_RANKS = ranking(WireFormat.COHERE);

  private static final UseFields ANTHROPIC =
      outermost(WireFormat.ANTHROPIC, "max_tokens", Set.of("max_tokens"));

  private static final UseFields COHERE =
      outermost(WireFormat.COHERE, "max_tokens", Set.of("max_tokens"));

  private static final UseFields GEMINI = gemini(false);
  private static final UseFields GEMINI_STREAM = gemini(true);

  private static final UseFields OLLAMA =
      new UseFields(
          WireFormat.OLLAMA,
          "options.num_predict",
          Set.of("options"),
          Set.of("num_predict"),
          Set.of("numpredict"),
          true,
          false);

  /**
   * @param path below the service
   */
  public static UseFields of(WireFormat format, String path) {
    if (path.endsWith("rerank")) {
      return format == WireFormat.COHERE ? COHERE_RANKS : OPENAI_RANKS;
    }
    return switch (format) {
      case OPENAI -> ofOpenAi(path);
      case ANTHROPIC -> ANTHROPIC;
      case COHERE -> COHERE;
      case GEMINI -> path.contains(":stream") ? GEMINI_STREAM : GEMINI;
      case OLLAMA -> OLLAMA;
    };
  }

  private static UseFields ofOpenAi(String path) {
    if (path.endsWith("ocr")) {
      return OPENAI_PAGES;
    }
    if (path.endsWith("responses") || path.endsWith("responses/compact")) {
      return OPENAI_RESPONSES;
    }
    return path.endsWith("chat/completions") ? OPENAI_CHAT : OPENAI;
  }

  private static UseFields outermost(WireFormat format, String outputField, Set<String> output) {
    return new UseFields(format, outputField, Set.of(), output, folded(output), false, false);
  }

  private static UseFields ranking(WireFormat format) {
    return new UseFields(format, "max_tokens", Set.of(), Set.of(), Set.of(), false, true);
  }

  private static UseFields gemini(boolean streams) {
    Set<String> output = Set.of("maxOutputTokens", "max_output_tokens");
    return new UseFields(
        WireFormat.GEMINI,
        "generationConfig.maxOutputTokens",
        Set.of("generationconfig"),
        output,
        folded(output),
        streams,
        false);
  }

  private static Set<String> folded(Set<String> names) {
    return names.stream()
        .map(name -> name.replace("_", "").toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
