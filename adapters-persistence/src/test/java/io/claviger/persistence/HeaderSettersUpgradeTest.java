package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who set the header values of a database that did not store that. */
@Tag("thorough")
final class HeaderSettersUpgradeTest {
  private static final String SEALED = "'\\x010a0b0c0d" + "00".repeat(40) + "'::bytea";

  @AutoClose private final TestDatabase database = EarlierSchema.until("290");

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void it_is_what_the_audit_trail_says_and_unknown_where_it_says_nothing() {
    run("insert into encryption_keys (id, state, sentinel) values ('0a0b0c0d', 'live', " + SEALED);
    for (String handle : new String[] {"alice", "bob"}) {
      run(
          "insert into users (id, handle, display_name, administrator, version, created_at,"
              + " updated_at) values ("
              + id(handle)
              + ", '"
              + handle
              + "', 'x', false, 1, now(), now()");
    }
    for (String service : new String[] {"made", "changed", "handed-on", "old", "bare"}) {
      run(
          "insert into instances (id, owner_id, owner_handle, handle, display_name, description,"
              + " provider, api_standard, endpoint, model, timeout_ms, enabled, central_key,"
              + " user_keys, fallback_to_central, version, created_at, updated_at,"
              + " custom_header_names, headers_sealed) values ("
              + id(service)
              + ", "
              + id("alice")
              + ", 'alice', '"
              + service
              + "', 'x', '', 'openai', 'openai', 'http://localhost', 'm', 1, true, true, false,"
              + " false, 1, now(), now(), "
              + (service.equals("bare") ? "'{}', null" : "'{x-a}', " + SEALED));
    }
    event("made", "service.create", "alice", "done", "{}");
    event("made", "service.update", "bob", "done", "{model}");
    event("made", "service.update", "bob", "refused", "{custom_headers}");
    event("changed", "service.create", "alice", "done", "{}");
    event("changed", "service.update", "bob", "done", "{endpoint,custom_headers}");
    event("handed-on", "service.create", "gone", "done", "{}");
    event("old", "service.update", "alice", "done", "{model}");
    event("bare", "service.create", "alice", "done", "{}");

    EarlierSchema.migrate(database.dataSource(), "350");

    assertThat(
            sql.sql(
                    """
                    select i.handle || ' ' || u.handle
                    from instances i
                    join users u on u.id = i.headers_set_by
                    order by i.handle
                    """)
                .query(String.class)
                .list())
        .containsExactly("changed bob", "made alice");
  }

  private void event(String service, String action, String actor, String outcome, String fields) {
    run(
        "insert into audit_events (id, at, actor_id, actor, address, request_id, action,"
            + " target_type, target_id, target_ref, outcome, fields)"
            + " values (gen_random_uuid(), clock_timestamp(), "
            + id(actor)
            + ", '"
            + actor
            + "', '', '', '"
            + action
            + "', 'service', "
            + id(service)
            + ", 'alice/s', '"
            + outcome
            + "', '"
            + fields
            + "'");
  }

  private static String id(String name) {
    return "md5('" + name + "')::uuid";
  }

  private void run(String statement) {
    assertThat(sql.sql(statement + ")").update()).as(statement).isEqualTo(1);
  }
}
