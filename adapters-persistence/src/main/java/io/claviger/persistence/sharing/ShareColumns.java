package io.claviger.persistence.sharing;

import java.util.List;
import java.util.stream.Collectors;

/** The columns that {@link ShareRows#share} reads, in one place. */
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

  private static final List<String> LIMITS =
      List.of("grantee_id", "limit_requests_per_minute", "limit_models", "limit_operations");

  private ShareColumns() {}

  /**
   * The columns of table {@code shares} under names that begin with what the table is called in the
   * statement.
   *
   * @param giver the expression for the giver's handle
   */
  public static String of(String table, String giver) {
    return named(table, STORED) + ", " + giver + " as " + table + "_given_by";
  }

  /** The same of those columns alone that say whether there is a share, and its limits. */
  public static String limits(String table) {
    return named(table, LIMITS);
  }

  private static String named(String table, List<String> columns) {
    return columns.stream()
        .map(column -> table + "." + column + " as " + table + "_" + column)
        .collect(Collectors.joining(", "));
  }
}
