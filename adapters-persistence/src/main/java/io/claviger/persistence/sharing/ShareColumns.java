package io.claviger.persistence.sharing;

import java.util.List;
import java.util.stream.Collectors;

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
          "given_via",
          "version",
          "created_at");

  private static final List<String> TERMS =
      List.of(
          "grantee_id",
          "role",
          "may_reshare",
          "expires_at",
          "limit_requests_per_minute",
          "limit_models",
          "limit_operations");

  private static final List<String> LIMITS =
      List.of("grantee_id", "limit_requests_per_minute", "limit_models", "limit_operations");

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
   * Returns only the columns that show whether there is a share, and those of its terms.
   *
   * @param table the alias of the table in the statement
   */
  public static String terms(String table) {
    return named(table, TERMS);
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
