package io.claviger.web.scim;

import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.filters.FilterType;
import io.claviger.domain.Characters;
import io.claviger.domain.scim.ScimUser;
import io.claviger.web.problems.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ValueNode;

/**
 * A filter of a list. The filter compares one attribute with one text: identity providers check
 * whether a user or group exists before they create it. Entra also checks whether the resource with
 * an id refers to another resource, as in {@code id eq "1" and members eq "2"}.
 *
 * @param attribute the name of the compared attribute, in lower case
 * @param reference the second comparison, if the first one compares the id
 */
record ScimFilter(String attribute, String value, Optional<ScimFilter> reference) {
  /** The maximum number of characters in a filter or path. */
  static final int LONGEST = 1_000;

  static final String ALLOWED = "Use one comparison, such as userName eq \"alice@example.com\".";

  /**
   * Reads a filter.
   *
   * @throws ProblemException if the text is longer than {@link #LONGEST}, or is neither a single
   *     comparison nor the comparison of an id and of a reference
   */
  static ScimFilter of(String text) {
    if (text.length() > LONGEST) {
      throw ScimJson.problem("invalidFilter", "A filter has at most 1,000 characters. " + ALLOWED);
    }
    return parsed(text)
        .flatMap(
            filter -> filter.getFilterType() == FilterType.AND ? ofReference(filter) : of(filter))
        .orElseThrow(() -> ScimJson.problem("invalidFilter", ALLOWED));
  }

  /**
   * Parses a filter. If the library throws any exception, the text is not a filter, and the result
   * is empty.
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
    return attribute(path).map(name -> new ScimFilter(name, value.asString(), Optional.empty()));
  }

  private static Optional<ScimFilter> ofReference(Filter filter) {
    List<Filter> combined = Optional.ofNullable(filter.getCombinedFilters()).orElseGet(List::of);
    List<ScimFilter> parts = combined.stream().flatMap(one -> of(one).stream()).toList();
    if (combined.size() != 2 || parts.size() != 2) {
      return Optional.empty();
    }
    ScimFilter first = parts.getFirst();
    ScimFilter second = parts.getLast();
    if (first.attribute.equals("id")) {
      return Optional.of(new ScimFilter("id", first.value, Optional.of(second)));
    }
    return second.attribute.equals("id")
        ? Optional.of(new ScimFilter("id", second.value, Optional.of(first)))
        : Optional.empty();
  }

  private static Optional<String> attribute(Path path) {
    if (path.size() != 1 || path.getElement(0).getValueFilter() != null) {
      return Optional.empty();
    }
    return Optional.of(path.getElement(0).getAttribute().toLowerCase(Locale.ROOT));
  }

  /** Whether the filter asks if a resource refers to another one by the attribute. */
  boolean refersBy(String name) {
    return reference.filter(other -> other.attribute.equals(name)).isPresent();
  }

  /**
   * Whether the filter matches no user or group because no stored attribute can equal a compared
   * value, for example because the value is too long.
   */
  boolean matchesNothing() {
    return reference.filter(ScimFilter::matchesNothing).isPresent()
        || value.isEmpty()
        || !Characters.isAtMost(ScimUser.Names.LONGEST, value)
        || value.indexOf('\0') >= 0;
  }
}
