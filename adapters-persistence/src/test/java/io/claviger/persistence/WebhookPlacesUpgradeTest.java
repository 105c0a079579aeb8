package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The places of the messages that wait when a database without places is upgraded. */
@Tag("thorough")
final class WebhookPlacesUpgradeTest {
  private static final String SEALED = "'\\x010a0b0c0d" + "00".repeat(40) + "'::bytea";

  @AutoClose private final TestDatabase database = EarlierSchema.until("440");

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void the_oldest_thousand_have_places_and_no_message_is_lost() {
    run("insert into encryption_keys (id, state, sentinel) values ('0a0b0c0d', 'live', %s)");
    run(
        """
        insert into users (id, handle, display_name, administrator, version, created_at, updated_at)
        values (gen_random_uuid(), 'alice', 'x', false, 1, now(), now()),
          (gen_random_uuid(), 'bob', 'x', false, 1, now(), now())
        """);
    run(
        """
        insert into webhooks (id, user_id, url, thresholds, secret_sealed, version, created_at,
          updated_at, next_attempt_at)
        select gen_random_uuid(), u.id, 'https://h', '{50}', %s, 1, now(), now(), now()
        from users u
        where u.handle in ('alice', 'bob')
        """);
    run(
        """
        insert into webhook_messages (id, webhook_id, event, facts, created_at)
        select gen_random_uuid(), w.id, 'key.old', '{}', now() + n * interval '1 second'
        from webhooks w
        join users u on u.id = w.user_id
        cross join generate_series(1, 1003) n
        where u.handle = 'alice' or n <= 2
        """);

    EarlierSchema.migrate(database.dataSource(), "450");

    assertThat(places("alice")).isEqualTo("1003 messages, places 1 to 1000, 3 last without");
    assertThat(places("bob")).isEqualTo("2 messages, places 1 to 2, 0 last without");
  }

  private String places(String user) {
    return sql.sql(
            """
            select count(*) || ' messages, places ' || min(m.place) || ' to ' || max(m.place)
              || ', ' || count(*) filter (where m.place is null and m.created_at > l.placed)
              || ' last without'
            from webhook_messages m
            join webhooks w on w.id = m.webhook_id
            join users u on u.id = w.user_id
            cross join lateral (
              select max(o.created_at) as placed
              from webhook_messages o
              where o.webhook_id = w.id and o.place is not null) l
            where u.handle = :user
            """)
        .param("user", user)
        .query(String.class)
        .single();
  }

  private void run(String statement) {
    int rows = sql.sql(statement.replace("%s", SEALED)).update();
    assertThat(rows).isPositive();
  }
}
