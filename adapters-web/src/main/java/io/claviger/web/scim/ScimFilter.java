package io.claviger.web.scim;

import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.filters.FilterType;
import io.claviger.domain.Characters;
import io.claviger.domain.scim.ScimUser;
import io.claviger.web.problems.ProblemException;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ValueNode;

/**
 * A filter of a list. The filter compares one attribute with one text. Identity providers use no
 * other kind of filter: they check whether a user or group exists before they create it.
 *
 * @param attribute the name of the compared attribute, in lower case
 */
record ScimFilter(String attribute, String value) {
  /** The maximum number of characters in a filter or path. */
  static final int LONGEST = 1_000;

  private static final String ALLOWED =
      "Use one comparison, such as userName eq \"alice@example.com\".";

  /**
   * Reads a filter.
   *
   * @throws ProblemException if the text is longer than {@link #LONGEST}, or is not a filter with a
   *     single comparison
   */
  static ScimFilter of(String text) {
    if (text.length() > LONGEST) {
      throw ScimJson.problem("invalidFilter", "A filter has at most 1,000 characters. " + ALLOWED);
    }
    return parsed(text)
        .flatMap(ScimFilter::of)
        .orElseThrow(() -> ScimJson.problem("invalidFilter", ALLOWED));
  }

  /**
   * Parses a filter. Any exception of the library means that the text is not a filter. The result
   * is then empty.
   */
  private static Optional<Filter> parsed(String text) {
    try {
      return Optional.of(Filter.fromString(text));
    } catch (ScimException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Returns the filter if it consists of a single comparison; empty if it does not. */
  static Optional<ScimFilter> of(Filter filter) {
    Path path = filter.getAttributePath();
    ValueNode value = filter.getComparisonValue();
    if (filter.getFilterType() != FilterType.EQUAL
        || path == null
        || value == null
        || !value.isString()) {
      return Optional.empty();
    }
    return attribute(path).map(name -> new ScimFilter(name, value.asString()));
  }

  private static Optional<String> attribute(Path path) {
    if (path.size() != 1 || path.getElement(0).getValueFilter() != null) {
      return Optional.empty();
    }
    return Optional.of(path.getElement(0).getAttribute().toLowerCase(Locale.ROOT));
  }

  /**
   * Whether no stored attribute can equal the value, for example because the value is too long. The
   * filter then matches no user or group.
   */
  boolean matchesNothing() {
    return value.isEmpty()
        || !Characters.isAtMost(ScimUser.Names.LONGEST, value)
        || value.indexOf('\0') >= 0;
  }
}
