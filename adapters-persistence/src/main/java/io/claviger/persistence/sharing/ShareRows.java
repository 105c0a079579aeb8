package io.claviger.persistence.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** Reads shares from rows. */
public final class ShareRows {
  private ShareRows() {}

  /**
   * Reads a share.
   *
   * @param row also contains {@code given_by}, the giver's handle
   */
  public static Share share(Row row) throws SQLException {
    return new Share(
        new UserId(row.uuid("grantee_id")),
        new Handle(row.text("grantee_handle")),
        terms(row),
        row.optionalText("given_by").map(Handle::new),
        row.optionalUuid("given_via").map(UserId::new),
        row.bigNumber("version"),
        row.instant("created_at"));
  }

  /**
   * Reads the share of a user or a group.
   *
   * @param row also contains {@code given_by}, the giver's handle, and the pooled limits
   */
  static Share given(Row row) throws SQLException {
    Share.Terms terms = terms(row);
    return new Share(
        GranteeRows.grantee(row),
        new Share.Terms(
            terms.role(),
            terms.mayReshare(),
            terms.expiresAt(),
            terms.limits(),
            Parameters.limits(row.part("pooled_"))),
        row.optionalText("given_by").map(Handle::new),
        row.optionalUuid("given_via").map(UserId::new),
        row.bigNumber("version"),
        row.instant("created_at"));
  }

  public static Share.Terms terms(Row row) throws SQLException {
    return new Share.Terms(
        Role.valueOf(row.text("role").toUpperCase(Locale.ROOT)),
        row.flag("may_reshare"),
        row.optionalInstant("expires_at"),
        Parameters.limits(row));
  }

  /** Reads the limits of the share of an outer join; empty where the join found none. */
  public static Optional<Limits> optionalLimits(Row row) throws SQLException {
    return row.has("grantee_id") ? Optional.of(Parameters.limits(row)) : Optional.empty();
  }

  /** Reads the share of an outer join; empty where the join found none. */
  public static Optional<Share> optionalShare(Row row) throws SQLException {
    return row.has("grantee_id") ? Optional.of(share(row)) : Optional.empty();
  }
}
