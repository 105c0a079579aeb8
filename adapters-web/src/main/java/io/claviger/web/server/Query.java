package io.claviger.web.server;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.web.json.Faults;
import io.claviger.web.json.JsonLocation;
import io.claviger.web.json.Pointer;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the query parameters of a request. The route must know every parameter in the query, and no
 * parameter may occur twice.
 */
public final class Query {
  private final Map<String, String> parameters;
  private final Faults faults;

  private Query(Map<String, String> parameters, Faults faults) {
    this.parameters = parameters;
    this.faults = faults;
  }

  /**
   * Parses a query.
   *
   * @param text the part of the address after the question mark; null if there is none
   * @param known the names of the parameters that the route knows
   */
  static Query of(@Nullable String text, Set<String> known) {
    Faults faults = new Faults();
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (!known.contains(name)) {
        faults.add(fault(name, "unknown_parameter", "There is no such query parameter here."));
      } else if (parameters.putIfAbsent(name, value) != null) {
        faults.add(fault(name, "duplicate_parameter", "This query parameter is given twice."));
      }
    }
    faults.throwIfAny();
    return new Query(parameters, faults);
  }

  /**
   * Returns the value of a parameter; empty if the query does not contain it. If the value is
   * invalid, {@link #rejectUnread} reports the fault.
   *
   * @param make a function that returns the value; it throws {@link InvalidValue} for a value that
   *     is not allowed
   */
  public <T> Optional<T> value(String name, Function<String, T> make) {
    return Optional.ofNullable(parameters.get(name))
        .flatMap(
            text ->
                new JsonLocation(Pointer.ROOT.to(name), faults).attempt(() -> make.apply(text)));
  }

  /**
   * Returns the value of a required parameter.
   *
   * @param make a function that returns the value; it throws {@link InvalidValue} for a value that
   *     is not allowed
   * @param detail the text for the caller if the parameter is missing
   * @throws io.claviger.web.json.InvalidInput if the parameter is missing, or if the query has any
   *     other fault
   */
  public <T> T required(String name, Function<String, T> make, String detail) {
    if (!parameters.containsKey(name)) {
      faults.add(fault(name, "required", detail));
    }
    Optional<T> value = value(name, make);
    faults.throwIfAny();
    return value.orElseThrow();
  }

  public Optional<Boolean> flag(String name) {
    return value(
        name,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new InvalidValue(name, "true or false");
            });
  }

  /**
   * Reports all faults of the query. To be called after all known parameters have been read.
   *
   * @throws io.claviger.web.json.InvalidInput if the query contains any fault
   */
  public void rejectUnread() {
    faults.throwIfAny();
  }

  private static Fault fault(String name, String code, String detail) {
    return new Fault(Pointer.ROOT.to(name).text(), code, detail);
  }

  private static String decoded(String text) {
    return PercentDecoder.decode(text).orElseThrow(Query::malformed);
  }

  private static ProblemException malformed() {
    return new ProblemException(
        new Problem(400, "malformed_query", "The query is not percent-encoded UTF-8."));
  }
}
