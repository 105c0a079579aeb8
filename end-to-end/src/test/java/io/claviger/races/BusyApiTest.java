package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.host.Confidential;
import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import io.claviger.wiring.Connections;
import io.claviger.wiring.NodeContext;
import io.claviger.wiring.OperatorSecrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The API has every connection of its pool in use while calls come to the gateway. */
class BusyApiTest {
  /** Counts the requests for a connection. */
  private static final class Counted extends DelegatingDataSource {
    private final AtomicInteger asked = new AtomicInteger();

    Counted(HikariDataSource pool) {
      super(pool);
    }

    @Override
    public Connection getConnection() throws SQLException {
      int unused = asked.incrementAndGet();
      return super.getConnection();
    }
  }

  @Test
  void a_bad_token_is_refused_without_a_connection_of_the_api_and_recorded_later()
      throws SQLException {
    try (TestDatabase database =
            PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
        HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(database.dataSource());
      pool.setMaximumPoolSize(1);
      pool.setConnectionTimeout(250);
      Counted api = new Counted(pool);
      try (NodeContext node = node(database, api)) {
        try (Connection inUse = pool.getConnection()) {
          assertThat(inUse.isClosed()).isFalse();
          int before = api.asked.get();

          assertThat(call(node, TokenText.of(new byte[64])))
              .isEqualTo(
                  new CallAuthorization.AuthorizationOutcome.Refused(
                      CallRefusal.BAD_TOKEN, Optional.empty()));
          assertThat(api.asked.get()).isEqualTo(before);
        }
        node.get(RejectedTokens.class).flush(Instant.now());
        assertThat(
                JdbcClient.create(database.dataSource())
                    .sql("select count(*) from audit_events where action = 'token.rejected'")
                    .query(Integer.class)
                    .single())
            .isEqualTo(1);
      }
    }
  }

  private static NodeContext node(TestDatabase database, Counted api) {
    return NodeContext.of(
        new Connections(api, database.dataSource(), database.dataSource(), () -> {}),
        OperatorSecrets.of(Confidential.of("a-key-for-races-that-is-long-enough")),
        OutboundSettings.strict(),
        Map.of(),
        "busy");
  }

  private static CallAuthorization.AuthorizationOutcome call(NodeContext node, TokenText token) {
    return node.get(CallAuthorization.class)
        .authorize(
            CallAuthorization.CallRequest.ofWhole(
                token,
                new CallTarget.Service(Instance.Ref.of("alice/mine")),
                "POST",
                "embeddings",
                new CallerOrigin("192.0.2.8"),
                "request-8"));
  }
}
