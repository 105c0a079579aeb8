package io.claviger.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.KeyringAdmission.AdmissionOutcome;
import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import io.claviger.wiring.CommandContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CommandContextTest {
  @AutoClose
  private static final TestDatabase DATABASE =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  @Test
  void commands_that_need_no_encryption_key_have_none() {
    try (CommandContext context =
        CommandContext.of(DATABASE.dataSource(), Optional.empty(), "test")) {
      assertThat(context.get(Users.class).replaceRootToken().isWellFormed()).isTrue();
      assertThat(context.get(Users.class).recoverRoot().ended().accessTokens()).isPositive();
      assertThat(context.get(EncryptionKeys.class).status().nodes()).isEmpty();

      List<AuditChain.ExportedLine> lines = new ArrayList<>();
      assertThat(context.get(AuditChain.class).export(TimeSpan.ALWAYS, lines::addAll)).isEmpty();
      assertThat(lines).isNotEmpty();
    }
  }

  @Test
  void a_command_with_an_encryption_key_is_told_whether_a_node_with_it_would_start() {
    try (CommandContext context =
        CommandContext.of(
            DATABASE.dataSource(), Optional.of(InMemorySealer.withOneKey()), "test")) {
      assertThat(context.get(KeyringAdmission.class).preview())
          .isInstanceOf(AdmissionOutcome.Admitted.class);
    }
  }
}
