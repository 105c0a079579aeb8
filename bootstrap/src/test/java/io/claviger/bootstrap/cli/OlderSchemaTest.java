package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import io.claviger.wiring.OperatorSecrets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What commands do to a database of an earlier version, such as a restored backup. */
final class OlderSchemaTest {
  private static final String RIGHT = key(1);
  private static final String WRONG = key(2);

  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final Database connected = new Database(database.dataSource());
  private final Schema schema = new Schema(database.dataSource());

  private enum Command {
    ADMIN_TOKEN(settings -> AdminTokenCommand.renew(settings, false)),
    SIGN_IN_LINK(settings -> SignInLinkCommand.make(settings, new Handle("root"))),
    PRICES(
        settings ->
            PricesCommand.run(
                settings,
                read -> {
                  throw new IllegalStateException("nothing is read");
                },
                true)),
    KEYS(settings -> KeyCommand.open(settings, false).close()),
    DISCARD_OF_KEYS(settings -> KeyCommand.open(settings, true).close()),
    IMPORT(
        settings ->
            new SystemImport(settings, "litellm", true, false, (source, fresh) -> fresh)
                .undo(new ReportFile.Run("1", new UUID(1, 1))));

    private final Consumer<Settings> work;

    Command(Consumer<Settings> work) {
      this.work = work;
    }
  }

  private static String key(int first) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return Base64.getEncoder().encodeToString(key);
  }

  @BeforeEach
  void goBack() {
    TinkSealer sealer = new TinkSealer(OperatorSecrets.of(Confidential.of(RIGHT)).keyring());
    new JdbcEncryptionKeys(connected)
        .add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
    forgetLastMigration();
  }

  private void forgetLastMigration() {
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
    assertThat(schema.state()).isEqualTo(Schema.State.BEHIND);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DISCARD_OF_KEYS")
  void nobody_with_another_key_upgrades_it(Command command) {
    assertThatThrownBy(() -> command.work.accept(settings(Optional.of(WRONG))))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("were not given: ");
    assertThat(schema.state()).as("nothing was changed").isEqualTo(Schema.State.BEHIND);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DISCARD_OF_KEYS", "IMPORT"})
  void nobody_without_a_key_upgrades_it(Command command) {
    assertThatThrownBy(() -> command.work.accept(settings(Optional.empty())))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("set ENCRYPTION_KEY");
    assertThat(schema.state()).as("nothing was changed").isEqualTo(Schema.State.BEHIND);
  }

  @ParameterizedTest
  @EnumSource(names = {"KEYS", "DISCARD_OF_KEYS", "ADMIN_TOKEN"})
  void with_the_right_key_it_is_upgraded(Command command) {
    upgrades(command, Optional.of(RIGHT));
  }

  /**
   * The last migration was made already. If it can't be made again, its failure shows that it was
   * tried.
   */
  private void upgrades(Command command, Optional<String> key) {
    Throwable thrown = catchThrowable(() -> command.work.accept(settings(key)));
    if (schema.state() != Schema.State.CURRENT) {
      assertThat(thrown).hasStackTraceContaining("already exists");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "DISCARD_OF_KEYS")
  void who_has_lost_a_key_may_upgrade_it_to_discard_the_key(Command command) {
    upgrades(command, Optional.empty());
    if (schema.state() == Schema.State.CURRENT) {
      forgetLastMigration();
    }
    upgrades(command, Optional.of(WRONG));
  }

  private Settings settings(Optional<String> key) {
    Map<String, String> variables = new HashMap<>();
    variables.put("DATABASE_URL", database.jdbcUrl());
    key.ifPresent(text -> variables.put("ENCRYPTION_KEY", text));
    return Settings.from(variables);
  }
}
