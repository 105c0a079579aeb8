package io.claviger.domain.formats;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The members of a request's body that state how much output is wanted. Folded names are names in
 * lower case and without underscores.
 *
 * @param outputField the member that error messages ask callers to set
 * @param parents the folded names of the members of the outermost object whose objects contain
 *     these members; empty if the outermost object itself contains them
 * @param output the members that state the maximum of output tokens of an answer
 * @param foldedOutput the same names, folded
 * @param streamsUnlessSaid whether the answer is streamed if the body does not state whether to
 *     stream the answer
 * @param ranks whether the operation ranks texts, each of which is read together with a query
 */
public record UseFields(
    String outputField,
    Set<String> parents,
    Set<String> output,
    Set<String> foldedOutput,
    boolean streamsUnlessSaid,
    boolean ranks) {
  /**
   * The members by which any of the APIs states the maximum of output, folded. A server that
   * understands several of these APIs may obey any of the members, so a body may have only one of
   * them.
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

  /** The members by which any of the APIs states the number of answers, folded. */
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

  /** A request to rank texts states no output. */
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
