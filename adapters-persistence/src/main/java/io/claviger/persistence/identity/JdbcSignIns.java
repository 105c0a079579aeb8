package io.claviger.persistence.identity;

import io.claviger.application.identity.port.SignInStore;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.SessionId;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@link SignInStore} in table {@code sign_ins}. */
public final class JdbcSignIns implements SignInStore {
  private static final int LONGEST_ORIGIN = 64;
  private static final RowMapper<PendingSignIn> ATTEMPT =
      (rs, n) -> {
        Row row = Row.of(rs);
        return new PendingSignIn(
            new TokenHash(row.bytes("state_hash")),
            new TokenHash(row.bytes("binding_hash")),
            ReturnPath.of(row.text("return_path")),
            row.optionalUuid("session_id").map(SessionId::new),
            row.instant("begun_at"));
      };

  private final JdbcClient jdbc;

  public JdbcSignIns(Database database) {
    this.jdbc = database.jdbc();
  }

  /** Requests that race may exceed the bounds by their number, which does no harm. */
  @Override
  public boolean insert(PendingSignIn attempt, String origin) {
    String from = origin.substring(0, Math.min(LONGEST_ORIGIN, origin.length()));
    return jdbc.sql(
                """
                insert into sign_ins (
                  state_hash, binding_hash, return_path, session_id, origin, begun_at)
                select
                  :state, :binding, :return_path, cast(:session as uuid), :origin,
                  cast(:begun_at as timestamptz)
                where
                  (select count(*)
                  from (select from sign_ins where origin = :origin limit :most_of_origin) o)
                    < :most_of_origin
                  and (select count(*) from (select from sign_ins limit :most) a) < :most
                """)
            .param("state", attempt.state().bytes())
            .param("binding", attempt.binding().bytes())
            .param("return_path", attempt.returnPath().value())
            .param("session", Parameters.orNull(attempt.session(), SessionId::value))
            .param("origin", from)
            .param("begun_at", Parameters.at(attempt.begunAt()))
            .param("most_of_origin", MOST_OF_ORIGIN)
            .param("most", MOST)
            .update()
        == 1;
  }

  @Override
  public Optional<PendingSignIn> take(TokenHash state, TokenHash binding, Instant since) {
    return jdbc.sql(
            """
            delete from sign_ins
            where state_hash = :state and binding_hash = :binding and begun_at >= :since
            returning state_hash, binding_hash, return_path, session_id, begun_at
            """)
        .param("state", state.bytes())
        .param("binding", binding.bytes())
        .param("since", Parameters.at(since))
        .query(ATTEMPT)
        .optional();
  }

  @Override
  public int deleteBegunBefore(Instant time) {
    return jdbc.sql("delete from sign_ins where begun_at < :time")
        .param("time", Parameters.at(time))
        .update();
  }
}
