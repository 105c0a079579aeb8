package io.claviger.persistence.sharing;

import io.claviger.persistence.shared.Columns;

/** The columns of table {@code shares}; each is listed only once. */
public final class ShareColumns {
  private static final Columns GRANTEE = Columns.of("grantee_id", "grantee_handle");

  static final Columns TERMS =
      Columns.of("role", "may_reshare", "expires_at", "weight", "to_everybody").and(Columns.LIMITS);

  static final Columns POOLED_TERMS = TERMS.and(Columns.USE_LIMITS.prefixed("pooled_"));

  private static final Columns STORED =
      GRANTEE.and(TERMS).and("given_via", "version", "created_at");

  private static final Columns CHOSEN = GRANTEE.and("group_id").and(POOLED_TERMS);

  static final Columns BY_GROUP = CHOSEN.and("given_via", "created_at");

  private static final Columns LIMITS = Columns.of("grantee_id", "weight").and(Columns.LIMITS);

  private ShareColumns() {}

  /**
   * Returns the columns that {@link ShareRows#share} reads. The name of each column begins with the
   * alias of the table.
   *
   * @param table the alias of the table of shares in the statement
   * @param giver the SQL expression that returns the giver's handle
   */
  public static String of(String table, String giver) {
    return STORED.as(table) + ", " + giver + " as " + table + "_given_by";
  }

  /**
   * Returns the columns that {@link ShareRows#byGroup} reads.
   *
   * @param table the alias of the table of shares in the statement
   */
  public static String byGroup(String table) {
    return BY_GROUP.as(table);
  }

  /**
   * Returns the columns of a share that was joined by {@link ChosenShares}.
   *
   * @param table the alias of the table of shares in the statement
   */
  public static String chosen(String table) {
    return CHOSEN.as(table) + ", " + table + "_chosen.highest as " + table + "_highest";
  }

  /**
   * Returns only the columns with the limits and the weight of a share, and those that show whether
   * there is a share.
   *
   * @param table the alias of the table of shares in the statement
   */
  public static String limits(String table) {
    return LIMITS.as(table);
  }
}
