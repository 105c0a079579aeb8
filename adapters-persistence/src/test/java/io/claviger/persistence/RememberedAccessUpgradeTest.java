package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Upgrades a database with access from before the database recorded sign-ins. */
@Tag("thorough")
final class RememberedAccessUpgradeTest {
  @AutoClose private final TestDatabase database = EarlierSchema.until("264");

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void whoever_has_an_identity_or_session_or_began_with_a_sign_in_had_access() {
    for (String handle : new String[] {"linked", "signed-in", "made-by-sign-in", "provisioned"}) {
      run(
          "insert into users (id, handle, display_name, administrator, version, created_at,"
              + " updated_at) values (gen_random_uuid(), '"
              + handle
              + "', 'x', false, 1, now(), now())");
    }
    run("update users set made_by_sign_in = true where handle = 'made-by-sign-in'");
    run(
        "insert into identities (issuer, subject, user_id, administers_by_group, offline,"
            + " linked_at) select 'https://id.example', 's', id, false, false, now() from users"
            + " where handle = 'linked'");
    run(
        "insert into sessions (id, secret_hash, user_id, method, address, user_agent,"
            + " signed_in_at, seen_at) select gen_random_uuid(), sha256('x'), id, 'link',"
            + " '192.0.2.1', 'b', now(), now() from users where handle = 'signed-in'");

    new Schema(database.dataSource()).migrate();

    assertThat(
            sql.sql("select handle from users where had_token order by handle")
                .query(String.class)
                .list())
        .containsExactly("linked", "made-by-sign-in", "signed-in");
  }

  private void run(String statement) {
    assertThat(sql.sql(statement).update()).as(statement).isEqualTo(1);
  }
}
