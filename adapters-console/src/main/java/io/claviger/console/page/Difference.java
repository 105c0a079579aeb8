package io.claviger.console.page;

import io.claviger.web.problems.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A form field whose stored value somebody else changed while the form was open.
 *
 * @param term the name of the field, in words
 * @param typed the value that the form sent
 * @param stored the value that is stored at present
 */
public record Difference(String term, String typed, String stored) {
  public static final int PRECONDITION_FAILED = 412;

  /**
   * Returns the problem which says that somebody else saved the thing first. The page shows this
   * problem above a table of differences.
   */
  public static Problem problem(Problem refusal, String what) {
    return new Problem(
        PRECONDITION_FAILED,
        refusal.code(),
        "Somebody else changed this "
            + what
            + " while you had it open. Nothing of yours was saved. Below are both versions; saving"
            + " again keeps yours.");
  }

  /**
   * Returns the problem of a form that names a thing which exists already, although the form was
   * opened for another thing or for a new one. The page shows this problem above a table of
   * differences.
   */
  public static Problem exists(Problem refusal, String what) {
    return new Problem(
        PRECONDITION_FAILED,
        refusal.code(),
        "This "
            + what
            + " exists already, and you had not opened it. Nothing of yours was saved. Below are"
            + " both versions; saving again keeps yours.");
  }

  /**
   * Compares the values in a sent form with the stored values.
   *
   * @param fields the fields to compare, in the order of the returned differences
   */
  public static List<Difference> between(
      FormState sent, Map<String, String> stored, Collection<String> fields) {
    return fields.stream()
        .map(field -> of(field, sent.value(field), stored.getOrDefault(field, "")))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Difference> of(String field, String typed, String stored) {
    boolean same = Objects.equals(lines(typed), lines(stored));
    return same ? Optional.empty() : Optional.of(new Difference(Fact.term(field), typed, stored));
  }

  /**
   * Splits a text into lines. Browsers end a line with CR LF, and other programs end it with LF
   * alone.
   */
  private static List<String> lines(String text) {
    return text.lines().toList();
  }
}
