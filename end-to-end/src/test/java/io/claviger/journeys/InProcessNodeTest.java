package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.inprocess.Claviger;
import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A program that embeds Claviger is recorded as a node that holds its encryption keys. */
@Tag("thorough")
class InProcessNodeTest {
  private static final String KEY = "an-encryption-key-for-examples-0123456789";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @AutoClose private final TestDatabase database = PostgresForTests.empty();
  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void it_says_that_it_lives_until_it_is_closed() {
    try (HikariDataSource pool = pool()) {
      try (Claviger claviger = Claviger.on(pool, KEY)) {
        assertThat(claviger.root().handle().value()).isEqualTo("root");
        assertThat(names()).singleElement().asString().contains("in process");
        int unused = sql.sql("update nodes set seen_at = seen_at - interval '1 hour'").update();

        assertThat(Eventually.holds(PATIENCE, this::isSeen)).isLessThan(PATIENCE);
      }
      assertThat(names()).isEmpty();
    }
  }

  @Test
  void one_that_could_not_start_after_it_was_admitted_is_not_on_record() {
    new Schema(database.dataSource()).migrate();
    for (String statement :
        List.of(
            """
            create function fail() returns trigger language plpgsql as $$
            begin
              raise exception 'no' using errcode = 'P0001';
            end
            $$
            """,
            "create trigger fail before insert on users for each row execute function fail()")) {
      int unused = sql.sql(statement).update();
    }
    try (HikariDataSource pool = pool()) {
      assertThatThrownBy(() -> Claviger.on(pool, KEY)).isInstanceOf(RuntimeException.class);

      assertThat(sql.sql("select count(*) from encryption_keys").query(Long.class).single())
          .isEqualTo(1);
      assertThat(names()).isEmpty();
    }
  }

  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    return new HikariDataSource(config);
  }

  private List<String> names() {
    return sql.sql("select name from nodes").query((rs, n) -> rs.getString(1)).list();
  }

  private boolean isSeen() {
    return sql.sql("select seen_at > now() - interval '30 minutes' from nodes")
        .query(Boolean.class)
        .single();
  }
}
