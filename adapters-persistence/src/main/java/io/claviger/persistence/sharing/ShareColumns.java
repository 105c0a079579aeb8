package io.claviger.persistence.sharing;

import io.claviger.persistence.shared.Columns;

/** The columns of table {@code shares}, each listed only once. */
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
   * Returns the columns for {@link ShareRows#share}. The columns' names begin with the table alias.
   *
   * @param table the alias of the table of shares
   * @param giver the SQL expression for the giver's handle
   */
  public static String of(String table, String giver) {
    return STORED.as(table) + ", " + giver + " as " + table + "_given_by";
  }

  /**
   * Returns the columns for {@link ShareRows#byGroup}.
   *
   * @param table the alias of the table of shares
   */
  public static String byGroup(String table) {
    return BY_GROUP.as(table);
  }

  /**
   * Returns the columns of a share that {@link ChosenShares} joined.
   *
   * @param table the alias of the table of shares
   */
  public static String chosen(String table) {
    return CHOSEN.as(table) + ", " + table + "_chosen.highest as " + table + "_highest";
  }

  /**
   * Returns the columns for a share's limits and weight, and for whether there is a share.
   *
   * @param table the alias of the table of shares
   */
  public static String limits(String table) {
    return LIMITS.as(table);
  }
}
