package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Upgrades people whose suspension ended in a version in which they did not have to sign in again.
 */
@Tag("thorough")
final class ResumedUpgradeTest {
  @AutoClose private final TestDatabase database = EarlierSchema.until("290");

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void only_those_who_signed_in_and_of_whom_nobody_would_ask_again_have_to_sign_in() {
    run(
        """
        insert into users (
          id, handle, display_name, administrator, suspended_at, sign_in_due_at, version,
          created_at, updated_at)
        select md5(name)::uuid, name, name, false,
          case when name = 'suspended' then now() end,
          case when name = 'due' then now() end, 1, now(), now()
        from (values ('resumed'), ('suspended'), ('due'), ('linked'), ('local')) names (name)
        """);
    run(
        """
        insert into identities (
          issuer, subject, user_id, administers_by_group, offline, linked_at, signed_in_at)
        select 'https://id.example', handle, id, false, false, now(),
          case when handle <> 'linked' then now() end
        from users
        where handle in ('resumed', 'suspended', 'due', 'linked')
        """);

    EarlierSchema.migrate(database.dataSource(), "latest");

    assertThat(
            sql.sql("select handle from users where sign_in_due_at > now() + interval '6 days'")
                .query(String.class)
                .list())
        .containsExactly("resumed");
  }

  private void run(String statement) {
    int unused = sql.sql(statement).update();
  }
}
