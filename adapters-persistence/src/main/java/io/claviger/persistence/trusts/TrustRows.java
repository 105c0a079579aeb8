package io.claviger.persistence.trusts;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.domain.trusts.TrustedIssuer;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads trusted issuers and trusts from rows. */
final class TrustRows {
  private TrustRows() {}

  static TrustedIssuer issuer(Row row) throws SQLException {
    return new TrustedIssuer(
        new TrustedIssuer.Id(row.uuid("id")),
        new Handle(row.text("name")),
        new Issuer(row.text("issuer")),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  /**
   * Reads a trust.
   *
   * @param row a row of a trust, with the issuer's columns under the prefix {@code i_}
   */
  static Trust trust(Row row) throws SQLException {
    return new Trust(
        new Trust.Id(row.uuid("id")),
        new User.Id(row.uuid("account_id")),
        new Handle(row.text("name")),
        issuer(row.part("i_")),
        new TrustTerms(
            new SubjectPattern(row.text("subject")),
            new RequiredClaims(claims(row)),
            Duration.ofSeconds(row.number("max_lifetime_seconds"))),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  private static Map<String, String> claims(Row row) throws SQLException {
    List<String> names = row.texts("claim_names");
    List<String> values = row.texts("claim_values");
    Map<String, String> claims = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      claims.put(names.get(i), values.get(i));
    }
    return claims;
  }
}
