package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a search costs among 100,000 each of services, people, groups, models and projects. One user
 * owns a tenth of the services, knows a tenth of the people, and holds 5,000 shares.
 */
@Tag("measurement")
final class NamePlansTest {
  private static final User.Id VIEWER = new User.Id(new UUID(0, 1));
  private static final int TIMES = 5;

  @AutoClose private static final PostgresPorts PORTS = new PostgresPorts();

  @BeforeAll
  static void fill() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into users (
          id, handle, display_name, administrator, version, created_at, updated_at)
        values ('00000000-0000-0000-0000-000000000001', 'viewer', 'V', false, 1, now(), now());
        insert into users (
          id, handle, display_name, email, administrator, version, created_at, updated_at)
        select md5('u' || n)::uuid, 'user-' || n, 'Person ' || md5('p' || n),
          'p' || n || '@example.org', false, 1, now(), now()
        from generate_series(1, 100000) n;

        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, version, created_at, updated_at)
        select md5('i' || n)::uuid, o.id, o.handle, 'svc-' || n, 'Service ' || md5('s' || n), '',
          'openai', 'openai', 'https://api.openai.com/v1', 'gpt-' || n % 20, 30000, true, true,
          false, false, 1, now(), now()
        from generate_series(1, 100000) n,
          lateral (
            select '00000000-0000-0000-0000-000000000001'::uuid, 'viewer' where n % 10 = 0
            union all
            select md5('u' || n)::uuid, 'user-' || n where n % 10 <> 0) o (id, handle);

        insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
        select md5('g' || n)::uuid, 'group-' || n, 'Group ' || md5('g' || n), 'local', 1, now(),
          now()
        from generate_series(1, 100000) n;
        insert into group_members (group_id, user_id, role, created_at)
        select md5('g1')::uuid, id, 'member', now()
        from users where handle = 'viewer' or right(handle, 1) = '1';

        insert into projects (
          id, owner_id, owner_handle, handle, description, version, created_at, updated_at)
        select md5('p' || n)::uuid, md5('u' || n)::uuid, 'user-' || n, 'project-' || n, '', 1,
          now(), now()
        from generate_series(1, 100000) n;

        insert into model_configs (
          id, provider, model, display_name, enabled, is_default, format, name, on_failure,
          version, created_at, updated_at)
        select md5('m' || n)::uuid, 'openai', 'model-' || n, 'Model ' || md5('m' || n), true,
          false, 'openai', 'name-' || n, 'none', 1, now(), now()
        from generate_series(1, 100000) n;

        insert into shares (
          instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
          may_reshare, version, created_at)
        select md5('i' || n)::uuid, 'user-' || n, 'svc-' || n,
          '00000000-0000-0000-0000-000000000001', 'viewer', 'reader', false, 1, now()
        from generate_series(1, 5555) n
        where n % 10 <> 0;
        """);
  }

  /** The yardstick, which a busy machine slows down as well, is to read the names of all users. */
  @ParameterizedTest
  @ValueSource(
      strings = {"svc", "user", "group", "svc-4321", "service", "3f", "service 3f", "qqzz"})
  void a_search_in_all_lists_costs_no_more_than_to_read_one_of_them_twice(String text) {
    NameQuery query = NameQuery.of(text).orElseThrow();
    for (boolean everything : new boolean[] {true, false}) {
      Sight sight = new Sight(VIEWER, everything, Optional.empty(), false);
      double search = median(() -> search(sight, query));
      double yardstick = median(NamePlansTest::readAllUsers);
      System.out.printf(
          "%s, %s: %.1f ms; all users: %.1f ms%n",
          text, everything ? "administrator" : "user", search, yardstick);
      assertThat(search).isLessThan(2 * yardstick);
    }
  }

  private static void search(Sight sight, NameQuery query) {
    for (Kind kind : Kind.values()) {
      assertThat(PORTS.names().find(kind, sight, query, Seeds.SEEDED_AT, 11))
          .hasSizeLessThanOrEqualTo(11);
    }
  }

  private static void readAllUsers() {
    assertThat(
            PORTS
                .sql()
                .sql("select count(*) from users where display_name ilike '%nothing has this%'")
                .query(Integer.class)
                .single())
        .isZero();
  }

  private static double median(Runnable work) {
    long[] times = new long[TIMES];
    for (int n = 0; n < TIMES; n++) {
      long began = System.nanoTime();
      work.run();
      times[n] = System.nanoTime() - began;
    }
    Arrays.sort(times);
    return times[TIMES / 2] / 1e6;
  }
}
