package io.claviger.persistence.shared;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns of a table. Statements that insert, select and update rows get their column names
 * from this class.
 */
public record Columns(List<String> names) {
  public static final Columns NONE = new Columns(List.of());

  /** The columns of limits, except limits on storage. */
  public static final Columns USE_LIMITS =
      of(
          "limit_requests_per_minute",
          "limit_models",
          "limit_operations",
          "limit_max_output_tokens",
          "limit_budgets",
          "limit_pace");

  /** The columns of limits whose values {@link Parameters#limits} sets and reads. */
  public static final Columns LIMITS =
      USE_LIMITS.and("limit_storage", "limit_max_objects", "limit_max_bytes", "limit_objects");

  /** The columns that {@link Parameters#inAll} reads: the limits for all callers together. */
  public static final Columns IN_ALL = of("budgets_in_all", "requests_in_all", "pace_in_all");

  /** The columns of the provider's limits, for {@link Parameters#providerLimits}. */
  public static final Columns PROVIDER_LIMITS =
      of(
          "provider_requests_per_minute",
          "provider_tokens_per_minute",
          "provider_input_tokens_per_minute",
          "provider_output_tokens_per_minute",
          "provider_concurrent_calls");

  public Columns {
    names = List.copyOf(names);
  }

  public static Columns of(String... names) {
    return new Columns(List.of(names));
  }

  public Columns and(String... more) {
    return and(of(more));
  }

  public Columns and(Columns more) {
    return new Columns(Stream.concat(names.stream(), more.names.stream()).toList());
  }

  /** Returns the same columns with a prefix such as {@code pooled_}. */
  public Columns prefixed(String prefix) {
    return new Columns(names.stream().map(prefix::concat).toList());
  }

  /** Returns these columns without the given ones. */
  public Columns without(String... left) {
    return new Columns(names.stream().filter(name -> !List.of(left).contains(name)).toList());
  }

  public boolean contains(String name) {
    return names.contains(name);
  }

  /** Returns the columns with a table alias: {@code s.role, s.version}. */
  public String at(String alias) {
    return joined(name -> alias + "." + name);
  }

  /**
   * Returns the columns with a table alias, each renamed with the alias: {@code s.role as s_role}.
   */
  public String as(String alias) {
    return joined(name -> alias + "." + name + " as " + alias + "_" + name);
  }

  /** Returns the columns' parameters: {@code :role, :version}. */
  public String parameters() {
    return joined(name -> ":" + name);
  }

  /**
   * Returns the assignments of the parameters to the columns: {@code role = :role, version =
   * :version}.
   */
  public String assignments() {
    return joined(name -> name + " = :" + name);
  }

  /**
   * Returns assignments for {@code on conflict do update} with the values of the failed insert:
   * {@code role = excluded.role}.
   */
  public String replacements() {
    return joined(name -> name + " = excluded." + name);
  }

  /**
   * Formats the pattern for each column, with the column's name as {@code %1$s}. Joins the results
   * with commas.
   */
  public String each(String pattern) {
    return joined(pattern::formatted);
  }

  /** Returns the columns' names, separated by commas. */
  @Override
  public String toString() {
    return String.join(", ", names);
  }

  private String joined(UnaryOperator<String> written) {
    return names.stream().map(written).collect(Collectors.joining(", "));
  }
}
