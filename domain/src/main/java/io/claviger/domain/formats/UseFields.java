package io.claviger.domain.formats;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The members of a request's body that say how much output the caller wants. Folded names are in
 * lower case and without underscores.
 *
 * @param outputField the member that error messages ask callers to set
 * @param parents the folded names of the members whose objects contain the members for output;
 *     empty if the outermost object itself contains them
 * @param output the members for an answer's output maximum in tokens
 * @param foldedOutput the same names, folded
 * @param streamsUnlessSaid whether the answer is streamed if the body does not say whether to
 *     stream
 * @param ranks whether the operation ranks texts, and reads each of them together with a query
 */
public record UseFields(
    String outputField,
    Set<String> parents,
    Set<String> output,
    Set<String> foldedOutput,
    boolean streamsUnlessSaid,
    boolean ranks) {
  /**
   * The members for the output maximum in all APIs, folded. A server with several of these APIs
   * might obey any of the members. So a body may have only one of these members.
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

  /** The members for the number of answers in all APIs, folded. */
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

  /** A request to rank texts, which states no output. */
  static final UseFields OF_RANKS = new UseFields("max_tokens", Set.of(), Set.of(), false, true);

  UseFields(
      String outputField,
      Set<String> parents,
      Set<String> output,
      boolean streamsUnlessSaid,
      boolean ranks) {
    this(outputField, parents, output, folded(output), streamsUnlessSaid, ranks);
  }

  static UseFields outermost(String outputField, Set<String> output) {
    return new UseFields(outputField, Set.of(), output, false, false);
  }

  private static Set<String> folded(Set<String> names) {
    return names.stream()
        .map(name -> name.replace("_", "").toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
