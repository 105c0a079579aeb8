package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import io.claviger.host.StartRefused;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ReportReason.Section;
import io.claviger.testkit.Race;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class ImportFailuresJourneyTest {
  private static final int KILLS = 5;

  /** The number of services that is enough for one complete batch between two kills. */
  private static final int SERVICES = 300 * KILLS;

  /** The users and, of each service, itself, its key and its share. */
  private static final int THINGS = 2 + 3 * SERVICES;

  /** Of these, an import takes two transactions. */
  private static final int FEW_SERVICES = 350;

  @AutoClose private final Journey journey = new Journey();
  @TempDir private Path directory;
  private DhampsImports imports;

  @BeforeEach
  void begin() {
    imports = new DhampsImports(journey, directory);
  }

  @Tag("thorough")
  @Test
  void an_import_killed_at_any_point_leaves_whole_batches_and_the_next_one_goes_on()
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (ForeignDatabase old = many(SERVICES)) {
      int before = 0;
      for (int kill = 0; kill < KILLS && arrived() < THINGS; kill++) {
        try (Program program = start(old)) {
          int came = before;
          Eventually.holds(Duration.ofSeconds(60), () -> isWriting() || arrived() > came);
          LockSupport.parkNanos((long) (random.nextDouble() * 500_000_000));
          program.kill();
        }
        Eventually.holds(Duration.ofSeconds(60), () -> !isWriting());
        before = arrived();
        assertThat(before == THINGS || before % 1_000 == 0).as("seed %d", seed).isTrue();
        assertThat(counted("select count(*) from audit_events where request_id = 'import dhamps'"))
            .as("seed %d", seed)
            .isEqualTo(before);
        assertThat(counted("select count(*) from instances")).isEqualTo(arrived("service"));
        assertThat(counted("select count(*) from instances where api_key_sealed is not null"))
            .isEqualTo(arrived("key"));
      }

      ImportReport report = imports.from(old);

      assertThat(report.leftSomethingOut()).isFalse();
      assertThat(counted("select count(*) from instances where api_key_sealed is not null"))
          .isEqualTo(SERVICES);
      assertThat(counted("select count(*) from audit_events where action = 'service.create'"))
          .isEqualTo(SERVICES);
      assertThat(imports.from(old).changedNothing()).isTrue();
    }
  }

  private int arrived(String kind) {
    return counted("select count(*) from arrivals where kind = '" + kind + "'");
  }

  private int counted(String query) {
    return Integer.parseInt(journey.column(query).get(0));
  }

  @Test
  void imports_at_the_same_time_bring_everything_once() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      List<ImportReport> reports = Race.of(4, n -> imports.from(old), 1);

      assertThat(reports).filteredOn(r -> !r.changedNothing()).hasSize(1);
      assertThat(journey.column("select count(*) from instances")).containsExactly("4");
      assertThat(
              journey.column("select count(*) from audit_events where action = 'service.create'"))
          .containsExactly("4");
    }
  }

  @Tag("thorough")
  @Test
  void a_node_serves_on_while_others_move_in() throws Exception {
    Node node = journey.startNode();
    Api alice = journey.user(node, "somebody");
    String service = journey.service(alice, "somebody/one");
    try (ForeignDatabase old = many(FEW_SERVICES);
        Program program = start(old)) {
      int calls = 0;
      while (arrived() < 2 + 3 * FEW_SERVICES && calls < 10_000) {
        alice.embed(service).isStatus(200);
        alice.get("/v1/llm-services/" + service).isStatus(200);
        calls++;
        Eventually.pause();
      }
      Program ended = program.ended(0);
      assertThat(ended.errors()).doesNotContain("Exception");
      assertThat(calls).isPositive();
      assertThat(journey.column("select count(*) from instances where owner_handle <> 'somebody'"))
          .containsExactly(Integer.toString(FEW_SERVICES));
    }
  }

  @Test
  void what_keeps_no_rule_is_left_out_with_its_reason_and_never_printed() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      old.run(
          """
          alter table llm_services alter endpoint drop not null, alter model drop not null;
          alter table users_projects drop constraint users_projects_role_fkey;
          alter table users_llm_services
            drop constraint users_llm_services_llm_service_id_fkey;
          insert into llm_services (llm_service_handle, owner, endpoint, description, api_key,
            api_standard, model, dimensions, created_at, updated_at)
          select h, 'jdoe', e, d, k, 'openai', m, n, 'infinity', '-infinity'
          from (values
            ('e-none', null, '', 'sk-secret-of-e-none', 'm', 1),
            ('e-bad', 'https://user:sk-secret@h/v1', '', null, 'm', 1),
            ('e-query', 'https://h/v1/embeddings?key=sk-secret', '', null, 'm', 1),
            ('e-long', 'https://h/' || repeat('x', 3000), '', null, 'm', 1),
            ('m-none', 'https://h/v1', '', null, null, 1),
            ('m-long', 'https://h/v1', '', null, repeat('m', 257), 1),
            ('n-zero', 'https://h/v1', '', null, 'm', 0),
            ('k-short', 'https://h/v1', '', 'short', 'm', 1),
            ('k-huge', 'https://h/v1', '', repeat('k', 5000000), 'm', 1),
            ('k-control', 'https://h/v1', '', 'sk-secret-' || chr(7) || chr(10) || 'x', 'm', 1),
            ('k-umlaut', 'https://h/v1', '', 'sk-secret-ü', 'm', 1),
            ('d-long', 'https://h/v1', repeat('d', 10001), null, 'm', 1),
            ('d-odd', 'https://h/v1', 'a' || chr(27) || 'b', null, 'm', 1),
            ('admin', 'https://h/v1', '', null, 'm', 1)) v (h, e, d, k, m, n);
          update users set email = 'no address', name = repeat('n', 201) where user_handle = 'alice';
          insert into users_projects values ('alice', 1, 'king', now(), now());
          insert into users_llm_services values ('alice', 9999, 'reader', now(), now());
          """);
      ImportReport report = imports.from(old);

      assertThat(DhampsImports.lines(report, Section.LEFT_OUT))
          .contains(
              "service jdoe/e-none invalid_endpoint",
              "service jdoe/e-bad invalid_endpoint",
              "service jdoe/e-query invalid_endpoint",
              "service jdoe/e-long invalid_endpoint",
              "service jdoe/m-none invalid_model",
              "service jdoe/m-long invalid_model",
              "service jdoe/n-zero invalid_dimensions",
              "key jdoe/k-short invalid_api_key",
              "key jdoe/k-huge invalid_api_key",
              "key jdoe/k-control invalid_api_key",
              "key jdoe/k-umlaut invalid_api_key",
              "service jdoe/d-long invalid_description",
              "service jdoe/d-odd invalid_description",
              "service jdoe/admin invalid_handle",
              "user alice invalid_email",
              "user alice invalid_display_name",
              "member jdoe/corpus alice unknown_role",
              "share ? alice service_missing");
      assertThat(report.remarks().toString()).doesNotContain("sk-secret");
      assertThat(journey.column("select display_name from users where handle = 'alice'"))
          .containsExactly("alice");
      assertThat(journey.column("select handle from instances where handle like 'k-%'")).hasSize(4);
      assertThat(imports.from(old).changedNothing()).isTrue();
    }
  }

  @Test
  void a_source_that_can_not_be_moved_in_from_is_told_in_one_line() {
    try (ForeignDatabase empty = ForeignDatabase.empty()) {
      assertThatThrownBy(() -> imports.from(empty))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("llm_service_instances");
      assertThatThrownBy(
              () ->
                  imports.from(
                      journey.environment().getOrDefault("DATABASE_URL", ""),
                      Optional.empty(),
                      false,
                      Map.of()))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("a database of Claviger");
      assertThatThrownBy(
              () ->
                  imports.from(
                      "postgres://u:hunter2@localhost:1/none", Optional.empty(), false, Map.of()))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("localhost:1/none")
          .hasMessageNotContaining("hunter2");
    }
    try (ForeignDatabase odd = ForeignDatabase.dhamps("before")) {
      odd.run("alter table llm_services drop column model");
      assertThatThrownBy(() -> imports.from(odd))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("its shape is not known");
    }
  }

  /** Whether a transaction has written to the services. */
  private boolean isWriting() {
    return !journey
        .column(
            """
            select 1 from pg_locks
            where relation = 'instances'::regclass and mode = 'RowExclusiveLock'
              and database = (select oid from pg_database where datname = current_database())
            """)
        .isEmpty();
  }

  private int arrived() {
    return counted("select count(*) from arrivals");
  }

  private Program start(ForeignDatabase old, String... more) throws Exception {
    Path key = Files.writeString(directory.resolve("key"), ForeignDatabase.LEGACY_KEY + "\n");
    String[] arguments = {
      "import", "dhamps", "--from", old.url(), "--legacy-key-file", key.toString()
    };
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return Program.start(directory, journey.environment(), all.toArray(String[]::new));
  }

  /** A database of many services, each with an encrypted key. */
  private static ForeignDatabase many(int services) {
    return ForeignDatabase.dhamps("renamed")
        .run(
            """
            truncate projects, instances, definitions cascade;
            insert into instances (instance_handle, owner, endpoint, description, api_standard,
              model, dimensions, created_at, updated_at, api_key_encrypted)
            select 's-' || n, 'erin', 'https://api.openai.com/v1/embeddings', '', 'openai', 'm', 3,
              now(), now(), decode('a94135601d7bce1e453e9015d6b8cf42fc661374e4c89adef1cee264d7bd00b437635b495e74499bb6e28d7acc65c752fdd39c1b1eafae9bc048', 'hex')
            from generate_series(1, %d) n;
            insert into instances_shared_with
            select 'frank', instance_id, 'reader', now(), now() from instances
            """
                .formatted(services));
  }
}
