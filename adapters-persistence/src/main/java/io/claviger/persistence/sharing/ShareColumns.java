package io.claviger.persistence.sharing;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The columns that {@link ShareRows#share} reads, listed once. */
public final class ShareColumns {
  private static final List<String> STORED =
      List.of(
          "grantee_id",
          "grantee_handle",
          "role",
          "may_reshare",
          "expires_at",
          "limit_requests_per_minute",
          "limit_models",
          "limit_operations",
          "limit_max_output_tokens",
          "limit_budgets",
          "given_via",
          "version",
          "created_at");

  private static final List<String> CHOSEN =
      List.of(
          "grantee_id",
          "group_id",
          "grantee_handle",
          "role",
          "may_reshare",
          "expires_at",
          "limit_requests_per_minute",
          "limit_models",
          "limit_operations",
          "limit_max_output_tokens",
          "limit_budgets",
          "pooled_limit_requests_per_minute",
          "pooled_limit_models",
          "pooled_limit_operations",
          "pooled_limit_max_output_tokens",
          "pooled_limit_budgets");

  private static final List<String> BY_GROUP =
      Stream.concat(CHOSEN.stream(), Stream.of("given_via", "created_at")).toList();

  private static final List<String> LIMITS =
      List.of(
          "grantee_id",
          "limit_requests_per_minute",
          "limit_models",
          "limit_operations",
          "limit_max_output_tokens",
          "limit_budgets");

  private ShareColumns() {}

  /**
   * Returns the columns of table {@code shares}. Each name begins with the table's alias.
   *
   * @param table the alias of the table in the statement
   * @param giver the SQL expression for the giver's handle
   */
  public static String of(String table, String giver) {
    return named(table, STORED) + ", " + giver + " as " + table + "_given_by";
  }

  /**
   * Returns the columns that {@link ShareRows#byGroup} reads.
   *
   * @param table the alias of the share
   */
  public static String byGroup(String table) {
    return named(table, BY_GROUP);
  }

  /**
   * Returns the columns of a share that {@link ChosenShares} joined.
   *
   * @param table the alias of the share
   */
  public static String chosen(String table) {
    return named(table, CHOSEN) + ", " + table + "_chosen.highest as " + table + "_highest";
  }

  /**
   * Returns only the columns that show whether there is a share, and those of its limits.
   *
   * @param table the alias of the table in the statement
   */
  public static String limits(String table) {
    return named(table, LIMITS);
  }

  private static String named(String table, List<String> columns) {
    return columns.stream()
        .map(column -> table + "." + column + " as " + table + "_" + column)
        .collect(Collectors.joining(", "));
  }
}
