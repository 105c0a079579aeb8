package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.identity.port.IdentityStore.Unfollowed;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.application.operations.port.Doctor.Finding.Level;
import io.claviger.bootstrap.cli.DoctorCommand;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.Schema.State;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import io.claviger.wiring.OperatorSecrets;
import io.claviger.wiring.node.SchemaAtStart;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseExaminationTest {
  @ParameterizedTest
  @CsvSource({"0, OK", "1000, OK", "1001, WARN", "30000, WARN", "30001, FAIL", "86400000, FAIL"})
  void clocks_apart_by_more_than_a_second_are_a_warning_by_more_than_thirty_a_failure(
      long off, Level level) {
    Finding found = DatabaseExamination.clock(off);

    assertThat(found.level()).isEqualTo(level);
    assertThat(DoctorCommand.line(found)).contains(off + " ms away");
  }

  @ParameterizedTest
  @CsvSource({"CURRENT, OK", "EMPTY, WARN", "BEHIND, WARN", "AHEAD, FAIL", "FOREIGN, FAIL"})
  void a_schema_that_the_next_start_does_not_mend_is_a_failure(State state, Level level) {
    assertThat(DatabaseExamination.schema(state).level()).isEqualTo(level);
  }

  /** After the restore of a backup from an older version. */
  @Test
  void a_wrong_key_is_told_before_the_schema_is_upgraded() {
    OperatorSecrets right = keys(1);
    TinkSealer sealer = new TinkSealer(right.keyring());
    try (TestDatabase database =
        PostgresForTests.migrated("claviger", source -> new Schema(source).migrate())) {
      Database connected = new Database(database.dataSource());
      new JdbcEncryptionKeys(connected)
          .add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
      assertThat(
              connected
                  .jdbc()
                  .sql(
                      """
                      delete from flyway_schema_history
                      where installed_rank = (select max(installed_rank) from flyway_schema_history)
                      """)
                  .update())
          .isOne();
      Schema schema = new Schema(database.dataSource());
      assertThat(schema.state()).isEqualTo(State.BEHIND);

      assertThat(examined(database, new TinkSealer(keys(2).keyring())))
          .anyMatch(line -> line.startsWith("FAIL  encryption_keys"));
      assertThat(examined(database, sealer))
          .anyMatch(line -> line.startsWith("ok    encryption_keys"));
      assertThatThrownBy(() -> SchemaAtStart.migrate(schema, keys(2)))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("were not given: " + sealer.sealingKey());
      assertThat(schema.state()).as("nothing was changed").isEqualTo(State.BEHIND);
    }
  }

  /** The examination needs connections of its own, however few a node may have. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void a_database_is_examined_even_if_nodes_have_few_connections(String pool) {
    try (TestDatabase database =
        PostgresForTests.migrated("claviger", source -> new Schema(source).migrate())) {
      TinkSealer sealer = new TinkSealer(keys(1).keyring());
      new JdbcEncryptionKeys(new Database(database.dataSource()))
          .add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
      List<Finding> found = new ArrayList<>();

      Examination.of(
          Settings.from(
              Map.of(
                  "DATABASE_URL",
                  database.jdbcUrl(),
                  "ENCRYPTION_KEY",
                  key(1),
                  "CLAVIGER_DATABASE_POOL",
                  pool)),
          found::add);

      assertThat(found)
          .filteredOn(one -> one.level() == Level.OK)
          .extracting(Finding::name)
          .contains("database", "clock", "schema", "rights", "encryption_keys");
      assertThat(found).noneMatch(one -> one.level() == Level.FAIL);
    }
  }

  private static OperatorSecrets keys(int first) {
    return OperatorSecrets.of(Confidential.of(key(first)));
  }

  private static String key(int first) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return Base64.getEncoder().encodeToString(key);
  }

  private static List<String> examined(TestDatabase database, TinkSealer sealer) {
    List<String> shown = new ArrayList<>();
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    try (HikariDataSource pool = new HikariDataSource(config)) {
      new DatabaseExamination(
              pool,
              Optional.empty(),
              false,
              Optional.empty(),
              found -> shown.add(DoctorCommand.line(found)))
          .run(Optional.of(sealer));
    }
    return shown;
  }

  @Test
  void people_whose_identity_provider_is_not_asked_are_a_warning() {
    assertThat(DatabaseExamination.identities(new Unfollowed(0, List.of()))).isEmpty();

    Finding found =
        DatabaseExamination.identities(
                new Unfollowed(3, List.of(new Handle("alice"), new Handle("bob"))))
            .orElseThrow();

    assertThat(found.level()).isEqualTo(Level.WARN);
    assertThat(DoctorCommand.line(found)).contains("3 people", "alice, bob, ...");
  }
}
