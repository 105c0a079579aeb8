package io.claviger.gateway.head;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Filters the parameters in the query of a request. The parameter {@code key} holds the caller's
 * token and is removed. Other parameters are forwarded only if the API standard lists them.
 */
public final class QueryFilter {
  private static final String CREDENTIAL = "key";

  private QueryFilter() {}

  static List<String> credentials(String query) {
    List<String> keys = new ArrayList<>(1);
    eachPair(
        query,
        pair -> {
          if (isCredential(pair)) {
            keys.add(decoded(pair.substring(pair.indexOf('=') + 1)));
          }
        });
    return keys;
  }

  /** Returns the values of a parameter in the form in which they are written, not decoded. */
  public static List<String> values(String query, String name) {
    List<String> values = new ArrayList<>(1);
    eachPair(
        query,
        pair -> {
          if (pair.startsWith(name + "=")) {
            values.add(pair.substring(name.length() + 1));
          }
        });
    return values;
  }

  static boolean hasCredential(String query) {
    return !query.isEmpty() && !credentials(query).isEmpty();
  }

  /**
   * Returns the parameters that are forwarded, with their values unchanged.
   *
   * @param values a function that returns the permitted values of a parameter; it returns empty if
   *     all values are permitted
   * @throws CallRefused if a parameter is not listed, or has a value that is not permitted
   */
  public static String passing(
      String query, List<String> listed, Function<String, Optional<Set<String>>> values) {
    if (query.isEmpty()) {
      return "";
    }
    StringBuilder passing = new StringBuilder(query.length());
    eachPair(
        query,
        pair -> {
          if (!isCredential(pair)) {
            passing.append(passing.isEmpty() ? "" : "&").append(checked(pair, listed, values));
          }
        });
    return passing.toString();
  }

  /** Returns the parameters whose names are not in the list, with their values unchanged. */
  public static String without(String query, List<String> names) {
    return pairs(query, pair -> !names.contains(name(pair)));
  }

  /**
   * Returns the parameters for which a test fails, with their values unchanged.
   *
   * @param test a condition that receives the name and the value of a parameter, both decoded
   */
  public static String without(String query, BiPredicate<String, String> test) {
    return pairs(query, pair -> !test.test(name(pair), value(pair)));
  }

  /** Does the same as {@link #without(String, List)}, but ignores the case of names. */
  public static String withoutAnyCase(String query, List<String> names) {
    return pairs(query, pair -> names.stream().noneMatch(name(pair)::equalsIgnoreCase));
  }

  private static String pairs(String query, Predicate<String> kept) {
    if (query.isEmpty()) {
      return "";
    }
    StringBuilder left = new StringBuilder(query.length());
    eachPair(
        query,
        pair -> {
          if (kept.test(pair)) {
            left.append(left.isEmpty() ? "" : "&").append(pair);
          }
        });
    return left.toString();
  }

  private static String checked(
      String pair, List<String> listed, Function<String, Optional<Set<String>>> values) {
    String name = name(pair);
    decoded(pair);
    boolean isListed = listed.contains(name);
    if (!isListed || !isPlain(pair)) {
      throw new CallRefused(CallError.queryParameterNotAllowed(name, isListed));
    }
    // The name from the list replaces the caller's spelling, which a lax reader might decode
    // differently.
    int equals = pair.indexOf('=');
    Optional<Set<String>> known = values.apply(name);
    if (known.isPresent() && !known.get().contains(value(pair))) {
      throw new CallRefused(CallError.queryValueNotAllowed(name, known.get()));
    }
    return equals < 0 ? name : name + pair.substring(equals);
  }

  /**
   * Whether name and value contain no semicolon. Some parsers treat a semicolon as a separator, so
   * a semicolon could hide an unlisted parameter.
   */
  private static boolean isPlain(String pair) {
    return pair.chars().allMatch(c -> c > ' ' && c <= '~' && c != ';' && c != '#');
  }

  private static boolean isCredential(String pair) {
    return pair.indexOf('=') >= 0 && name(pair).equals(CREDENTIAL);
  }

  private static String name(String pair) {
    int equals = pair.indexOf('=');
    return decoded(equals < 0 ? pair : pair.substring(0, equals));
  }

  private static String value(String pair) {
    int equals = pair.indexOf('=');
    return equals < 0 ? "" : decoded(pair.substring(equals + 1));
  }

  /**
   * Decodes a name or value.
   *
   * @throws CallRefused if the text is not correctly percent-encoded
   */
  public static String decoded(String text) {
    try {
      return QueryStringDecoder.decodeComponent(text);
    } catch (IllegalArgumentException e) {
      throw new CallRefused(CallError.badRequest("The query is not correctly percent-encoded."));
    }
  }

  private static void eachPair(String query, Consumer<String> consumer) {
    int from = 0;
    while (from <= query.length()) {
      int to = query.indexOf('&', from);
      int end = to < 0 ? query.length() : to;
      if (end > from) {
        consumer.accept(query.substring(from, end));
      }
      from = end + 1;
    }
  }
}
