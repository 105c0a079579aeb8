package io.claviger.persistence.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Optional;

public final class ShareRows {
  private ShareRows() {}

  /**
   * Reads a share.
   *
   * @param row a row that also contains the giver's handle as {@code given_by}
   */
  public static Share share(Row row) throws SQLException {
    return new Share(
        GranteeRows.grantee(row),
        terms(row),
        row.optionalText("given_by").map(Handle::new),
        row.optionalUuid("given_via").map(User.Id::new),
        row.bigNumber("version"),
        row.instant("created_at"));
  }

  public static Share.Terms terms(Row row) throws SQLException {
    return new Share.Terms(
        row.constant("role", Role.class),
        row.flag("may_reshare"),
        row.optionalInstant("expires_at"),
        Parameters.limits(row),
        Limits.NONE,
        new Weight(row.number("weight")),
        row.flag("to_everybody"));
  }

  /** Reads the terms of a share, including the pooled limits. */
  public static Share.Terms pooledTerms(Row row) throws SQLException {
    return new Share.Terms(
        row.constant("role", Role.class),
        row.flag("may_reshare"),
        row.optionalInstant("expires_at"),
        Parameters.limits(row),
        Parameters.useLimits(row.part("pooled_")),
        new Weight(row.number("weight")),
        row.flag("to_everybody"));
  }

  /**
   * Reads the handle of the group that holds a share. The handle is stored with a leading
   * {@code @}.
   */
  public static Handle group(Row row) throws SQLException {
    return new Handle(row.text("grantee_handle").substring(1));
  }

  /** Reads a share's limits from a row of an outer join; empty if the join found no share. */
  public static Optional<Limits> optionalLimits(Row row) throws SQLException {
    return row.has("grantee_id") ? Optional.of(Parameters.limits(row)) : Optional.empty();
  }

  /** Reads a group's share from a row of an outer join; empty if the join found no share. */
  public static Optional<GroupShare> byGroup(Row row) throws SQLException {
    return row.has("group_id")
        ? Optional.of(
            new GroupShare(
                new Group.Id(row.uuid("group_id")),
                group(row),
                pooledTerms(row),
                row.optionalUuid("given_via").map(User.Id::new),
                row.instant("created_at")))
        : Optional.empty();
  }

  /** Reads a share from a row of an outer join; empty if the join found no share. */
  public static Optional<Share> optionalShare(Row row) throws SQLException {
    return row.has("grantee_id") ? Optional.of(share(row)) : Optional.empty();
  }
}
