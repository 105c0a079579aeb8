package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.accounts.Users;
import io.claviger.application.shared.Outcome;
import io.claviger.bootstrap.EmbeddedClaviger;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.StartRefused;
import io.claviger.inprocess.Claviger;
import io.claviger.journeys.ServerPrograms;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class EmbeddedClavigerTest {
  @TempDir private Path directory;

  @Test
  void what_was_made_on_the_embedded_database_is_there_when_it_is_opened_again() {
    ServerPrograms.lendTo(directory);
    try (EmbeddedClaviger embedded = EmbeddedClaviger.in(directory)) {
      Claviger first = embedded.claviger();
      Users.NewUser alice = Users.NewUser.of("alice");

      assertThat(first.users().create(first.root(), alice)).isInstanceOf(Outcome.Done.class);
      assertThatThrownBy(() -> EmbeddedClaviger.in(directory)).isInstanceOf(StartRefused.class);
    }
    try (EmbeddedClaviger embedded = EmbeddedClaviger.in(directory)) {
      Claviger again = embedded.claviger();
      assertThat(again.as("alice").handle()).isEqualTo(new Handle("alice"));
      assertThatThrownBy(() -> again.as("nobody")).isInstanceOf(NoSuchElementException.class);
    }
    ServerPrograms.takeFrom(directory);
  }
}
