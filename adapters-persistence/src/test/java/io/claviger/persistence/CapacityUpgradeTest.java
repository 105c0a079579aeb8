package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Upgrades the services and shares of a database from a version in which calls could not wait. */
@Tag("thorough")
final class CapacityUpgradeTest {
  @AutoClose private final TestDatabase database = EarlierSchema.until("111");

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void calls_of_services_that_are_there_do_not_wait_and_shares_have_the_usual_weight() {
    run(
        """
        insert into users (
          id, handle, display_name, administrator, version, created_at, updated_at)
        select md5(name)::uuid, name, name, false, 1, now(), now()
        from (values ('alice'), ('bob')) names (name)
        """);
    run(service("before"));
    run(
        """
        insert into shares (instance_id, owner_handle, instance_handle, grantee_id,
          grantee_handle, role, may_reshare, version, created_at)
        values (md5('before')::uuid, 'alice', 'before', md5('bob')::uuid, 'bob', 'reader', false, 1,
          now())
        """);

    EarlierSchema.migrate(database.dataSource(), "latest");
    // A node of the former version does not know the new columns.
    run(service("since"));

    assertThat(texts("select handle || ' ' || max_wait_ms || ' ' || on_429 from instances"))
        .containsExactlyInAnyOrder("before 0 wait", "since 10000 wait");
    assertThat(
            texts(
                "select handle from instances where capacity_group is null"
                    + " and provider_concurrent_calls is null"))
        .hasSize(2);
    assertThat(texts("select weight::text from shares")).containsExactly("10");
  }

  private static String service(String handle) {
    return """
        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider, api_standard,
          endpoint, model, timeout_ms, enabled, central_key, user_keys, fallback_to_central,
          version, created_at, updated_at)
        values (md5('%1$s')::uuid, md5('alice')::uuid, 'alice', '%1$s', 'X', '', 'openai', 'openai',
          'http://localhost', 'm', 1, true, true, false, false, 1, now(), now())
        """
        .formatted(handle);
  }

  private void run(String statement) {
    int unused = sql.sql(statement).update();
  }

  private List<String> texts(String query) {
    return sql.sql(query).query(String.class).list();
  }
}
