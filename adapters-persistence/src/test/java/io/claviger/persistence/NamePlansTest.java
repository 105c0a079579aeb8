package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.persistence.search.JdbcNames;
import io.claviger.persistence.shared.Database;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a search costs among many services, people, groups, models and projects: 20,000 of each, or
 * 100,000 in a thorough build. One user owns a tenth of the services, knows a tenth of the people,
 * holds shares of a twentieth of the services, and sees all models. Another one sees nothing of all
 * that.
 */
@Tag("thorough")
final class NamePlansTest {
  private static final Sight KNOWN_TO_MANY = seenBy(1);
  private static final Sight NEWCOMER = seenBy(2);
  private static final Sight ADMINISTRATOR =
      new Sight(new User.Id(new UUID(0, 1)), true, Optional.empty(), false);
  private static final Map<String, Sight> VIEWERS =
      new TreeMap<>(
          Map.of(
              "administrator",
              ADMINISTRATOR,
              "newcomer",
              NEWCOMER,
              "user with much",
              KNOWN_TO_MANY));

  /** How many there are of each kind. */
  private static final int ROWS = Integer.getInteger("test.rows", 20_000);

  /** After so many times, PostgreSQL keeps the plans. */
  private static final int WARMING = 12;

  /** A plan that read invisible rows would read thousands of blocks. */
  private static final long A_FEW_BLOCKS = 200;

  private static final List<String> MEASURED =
      List.of("svc", "user", "group", "svc-4321", "service", "3f", "service 3f", "qqzz");

  @AutoClose private static final PostgresPorts PORTS = new PostgresPorts();
  private static final Database DATABASE = new Database(PORTS.dataSource());
  private static final NameStore NAMES = new JdbcNames(DATABASE);

  private static final String BLOCKS =
      """
      select sum(pg_stat_get_xact_blocks_fetched(oid)) from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')
      """;

  private static Sight seenBy(long user) {
    return new Sight(new User.Id(new UUID(0, user)), false, Optional.empty(), false);
  }

  @BeforeAll
  static void fill() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into users (
          id, handle, display_name, administrator, version, created_at, updated_at)
        values ('00000000-0000-0000-0000-000000000001', 'viewer', 'V', false, 1, now(), now()),
          ('00000000-0000-0000-0000-000000000002', 'newcomer', 'N', false, 1, now(), now());
        insert into users (
          id, handle, display_name, email, administrator, version, created_at, updated_at)
        select md5('u' || n)::uuid, 'user-' || n, 'Person ' || md5('p' || n),
          'p' || n || '@example.org', false, 1, now(), now()
        from generate_series(1, %1$d) n;

        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, version, created_at, updated_at)
        select md5('i' || n)::uuid, o.id, o.handle, 'svc-' || n, 'Service ' || md5('s' || n), '',
          'openai', 'openai', 'https://api.openai.com/v1', 'gpt-' || n %% 20, 30000, true, true,
          false, false, 1, now(), now()
        from generate_series(1, %1$d) n,
          lateral (
            select '00000000-0000-0000-0000-000000000001'::uuid, 'viewer' where n %% 10 = 0
            union all
            select md5('u' || n)::uuid, 'user-' || n where n %% 10 <> 0) o (id, handle);

        insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
        select md5('g' || n)::uuid, 'group-' || n, 'Group ' || md5('g' || n), 'local', 1, now(),
          now()
        from generate_series(1, %1$d) n;
        insert into group_members (group_id, user_id, role, created_at, user_handle)
        select md5('g1')::uuid, id, 'member', now(), handle
        from users where handle = 'viewer' or right(handle, 1) = '1';

        insert into projects (
          id, owner_id, owner_handle, handle, description, version, created_at, updated_at)
        select md5('p' || n)::uuid, md5('u' || n)::uuid, 'user-' || n, 'project-' || n, '', 1,
          now(), now()
        from generate_series(1, %1$d) n;

        insert into model_configs (
          id, provider, model, display_name, enabled, is_default, format, name, on_failure,
          version, created_at, updated_at)
        select md5('m' || n)::uuid, 'openai', 'model-' || n, 'Model ' || md5('m' || n), true,
          false, 'openai', 'name-' || n, 'none', 1, now(), now()
        from generate_series(1, %1$d) n;

        insert into shares (
          instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
          may_reshare, version, created_at)
        select md5('i' || n)::uuid, 'user-' || n, 'svc-' || n,
          '00000000-0000-0000-0000-000000000001', 'viewer', 'reader', false, 1, now()
        from generate_series(1, %1$d / 18) n
        where n %% 10 <> 0;

        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, audience, version, created_at, updated_at)
        values (md5('system')::uuid, '01900000-0000-7000-8000-000000000001', '_system', 'house',
          'House', '', 'openai', 'openai', 'https://api.openai.com/v1', 'gpt', 30000, true, true,
          false, false, 'shared', 1, now(), now());
        insert into shares (
          instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
          may_reshare, version, created_at)
        values (md5('system')::uuid, '_system', 'house', '00000000-0000-0000-0000-000000000001',
          'viewer', 'reader', false, 1, now());
        """
            .formatted(ROWS));
  }

  /**
   * Blocks of the cache are counted, because their number does not depend on how busy the machine
   * is. A search for all kinds of things is one of each kind.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "svc",
        "user",
        "us",
        "group",
        "svc-4321",
        "service",
        "person",
        "3f",
        "service 3f",
        "qqzz",
        "name-77",
        "openai",
        "viewer/",
        "viewer/svc-1",
        "e 3 1 2 4"
      })
  void a_search_reads_few_blocks_whatever_is_sought(String text) {
    NameQuery query = NameQuery.of(text).orElseThrow();
    assertThat(blocks(ADMINISTRATOR, query)).as("administrator").isLessThan(ROWS * 15 / 100);
    assertThat(blocks(KNOWN_TO_MANY, query))
        .as("user with much")
        .isLessThan(5_000 + ROWS * 3 / 100);
  }

  /** Invisible things cost no time, so that the time of a search reveals nothing about them. */
  @ParameterizedTest
  @ValueSource(strings = {"svc", "user", "us", "project-1", "name-1", "openai", "svc-4321"})
  void what_the_viewer_may_not_see_is_not_read(String text) {
    NameQuery query = NameQuery.of(text).orElseThrow();
    NameQuery none = NameQuery.of("qqzz").orElseThrow();
    for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.GROUP))) {
      assertThat(blocks(NEWCOMER, kind, query))
          .as("%s", kind)
          .isLessThan(blocks(NEWCOMER, kind, none) + A_FEW_BLOCKS);
    }
  }

  /** {@code benchmarks/console/search} runs this. The yardstick is a read of one user by id. */
  @Test
  @EnabledIfSystemProperty(named = "claviger.search.rounds", matches = "[0-9]+")
  void times_are_printed() {
    int rounds = Integer.getInteger("claviger.search.rounds");
    double[] reads = times(rounds * 5, NamePlansTest::readOneUser);
    System.out.printf("| who | text | p50 ms | p95 ms | blocks |%n|---|---|---|---|---|%n");
    System.out.printf(
        "| – | one user by id | %.2f | %.2f | – |%n", part(reads, 50), part(reads, 95));
    for (Map.Entry<String, Sight> who : VIEWERS.entrySet()) {
      for (String text : MEASURED) {
        NameQuery query = NameQuery.of(text).orElseThrow();
        double[] times = times(rounds, () -> search(who.getValue(), query));
        System.out.printf(
            "| %s | %s | %.1f | %.1f | %,d |%n",
            who.getKey(), text, part(times, 50), part(times, 95), blocks(who.getValue(), query));
      }
    }
  }

  private static void search(Sight sight, NameQuery query) {
    for (Kind kind : Kind.values()) {
      search(sight, kind, query);
    }
  }

  private static void search(Sight sight, Kind kind, NameQuery query) {
    assertThat(NAMES.find(kind, sight, query, Seeds.SEEDED_AT, 11)).hasSizeLessThanOrEqualTo(11);
  }

  private static long blocks(Sight sight, NameQuery query) {
    return Stream.of(Kind.values()).mapToLong(kind -> blocks(sight, kind, query)).sum();
  }

  /** How many blocks of tables and indexes a search reads, by the counters of the server. */
  private static long blocks(Sight sight, Kind kind, NameQuery query) {
    return DATABASE
        .transactions()
        .inTransaction(
            () -> {
              // The counters are those of the connection since it last told them to the server.
              long before = fetched();
              search(sight, kind, query);
              return fetched() - before;
            });
  }

  private static long fetched() {
    return DATABASE.jdbc().sql(BLOCKS).query(Long.class).single();
  }

  private static void readOneUser() {
    assertThat(
            DATABASE
                .jdbc()
                .sql("select handle from users where id = :id")
                .param("id", KNOWN_TO_MANY.viewer().value())
                .query(String.class)
                .single())
        .isEqualTo("viewer");
  }

  private static double[] times(int rounds, Runnable work) {
    for (int n = 0; n < WARMING; n++) {
      work.run();
    }
    double[] times = new double[rounds];
    for (int n = 0; n < rounds; n++) {
      long began = System.nanoTime();
      work.run();
      times[n] = (System.nanoTime() - began) / 1e6;
    }
    Arrays.sort(times);
    return times;
  }

  private static double part(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
