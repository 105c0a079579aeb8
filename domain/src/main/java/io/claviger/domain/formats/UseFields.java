package io.claviger.domain.formats;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The members of a request's body that say how much output the caller wants. Folded names are in
 * lower case and without underscores.
 *
 * @param outputField the member that error messages ask callers to set
 * @param parents the folded names of those members of the outermost object that contain the members
 *     for output; empty if the outermost object itself contains them
 * @param output the names of the members that state an answer's output maximum in tokens
 * @param foldedOutput the folded names of the members in {@code output}
 * @param streamsUnlessSaid whether the answer is streamed if the body does not say whether it
 *     should be
 * @param ranks true if the operation ranks texts, each of which is read together with a query
 */
public record UseFields(
    String outputField,
    Set<String> parents,
    Set<String> output,
    Set<String> foldedOutput,
    boolean streamsUnlessSaid,
    boolean ranks) {
  /**
   * The folded names of the members that state the output maximum, in all APIs. A body must have at
   * most one of these members, because a server with several of these APIs might obey any of them.
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

  /** The folded names of the members that state the number of answers, in all APIs. */
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

  /** The fields of a request to rank texts. A request of this kind states no output. */
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
