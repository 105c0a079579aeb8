package io.claviger.persistence.sessions;

import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SessionId;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;

/** Reads sessions from rows. */
final class SessionRows {
  private SessionRows() {}

  static Session session(Row row) throws SQLException {
    return new Session(
        new SessionId(row.uuid("id")),
        new UserId(row.uuid("user_id")),
        method(row),
        row.text("address"),
        row.text("user_agent"),
        row.instant("signed_in_at"),
        row.instant("seen_at"));
  }

  private static SignInMethod method(Row row) throws SQLException {
    return switch (row.text("method")) {
      case "oidc" ->
          new SignInMethod.OpenId(
              new Identity(new Issuer(row.text("issuer")), new Subject(row.text("subject"))),
              row.optionalText("provider_session"));
      case "token" -> new SignInMethod.Token(new TokenId(row.uuid("token_id")));
      default -> new SignInMethod.Link();
    };
  }
}
