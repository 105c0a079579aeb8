package io.claviger.client.apply;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads from the API's contract which values of a type the API accepts. */
final class ValueBounds {
  /** The name of the contract's extension that describes a pattern in words. */
  static final String DESCRIPTION = "x-pattern-description";

  private static final String TIME = "date-time";

  private ValueBounds() {}

  /** Returns the given schema of a value, with the contract's bounds added to it. */
  static ValueSchema of(Map<?, ?> contract, ValueSchema value) {
    ValueSchema bounded = value;
    if (contract.get("enum") instanceof List<?> all) {
      List<String> names = all.stream().filter(Objects::nonNull).map(String::valueOf).toList();
      bounded = bounded(bounded, listed(names), read -> names.contains(read.asString()));
    }
    if (TIME.equals(contract.get("format"))) {
      bounded = bounded(bounded, "a time such as 2026-01-31T12:00:00Z", ValueBounds::isTime);
    }
    bounded = within(bounded, contract, "Length", "a text of %s characters", ValueBounds::length);
    bounded = within(bounded, contract, "Items", "a list of %s items", JsonNode::size);
    bounded = within(bounded, contract, "imum", "a number of %s", read -> read);
    if (contract.get("pattern") instanceof String pattern) {
      Predicate<String> matches = Pattern.compile(pattern).asPredicate();
      return bounded(bounded, described(contract), read -> matches.test(read.asString()));
    }
    return bounded;
  }

  private static ValueSchema bounded(ValueSchema value, String words, Predicate<JsonNode> accepts) {
    return new ValueSchema.Bounded(value, words, accepts);
  }

  private interface Measured {
    Object of(JsonNode read);
  }

  /**
   * Returns a schema with the bounds that begin with {@code min} or {@code max} in the contract.
   */
  private static ValueSchema within(
      ValueSchema value, Map<?, ?> contract, String name, String words, Measured measured) {
    Object least = contract.get("min" + name);
    Object most = contract.get("max" + name);
    if (least == null && most == null) {
      return value;
    }
    return bounded(
        value,
        words.formatted(range(least, most)),
        read -> {
          BigDecimal size = number(measured.of(read));
          return (least == null || size.compareTo(number(least)) >= 0)
              && (most == null || size.compareTo(number(most)) <= 0);
        });
  }

  private static BigDecimal number(Object value) {
    return new BigDecimal(value instanceof JsonNode node ? node.asString() : value.toString());
  }

  private static int length(JsonNode read) {
    return read.asString().codePointCount(0, read.asString().length());
  }

  private static String range(@Nullable Object least, @Nullable Object most) {
    if (least == null) {
      return "at most " + shown(most);
    }
    return most == null ? "at least " + shown(least) : shown(least) + " to " + shown(most);
  }

  /**
   * Returns the text of a bound, with commas between thousands. In the contract, a bound can have
   * decimal places.
   */
  private static String shown(@Nullable Object bound) {
    return NumberFormat.getInstance(Locale.ROOT).format(bound);
  }

  private static String listed(List<String> names) {
    List<String> first = new ArrayList<>(names);
    String last = first.remove(first.size() - 1);
    return first.isEmpty() ? last : String.join(", ", first) + " or " + last;
  }

  private static String described(Map<?, ?> contract) {
    return contract.get(DESCRIPTION) instanceof String words
        ? "a value that the API accepts: " + words.strip().replaceAll("\\s+", " ")
        : "what matches " + contract.get("pattern");
  }

  private static boolean isTime(JsonNode read) {
    try {
      OffsetDateTime unused = OffsetDateTime.parse(read.asString());
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
