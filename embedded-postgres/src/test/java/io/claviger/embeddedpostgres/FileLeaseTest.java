package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.embeddedpostgres.EmbeddedDatabase.ServerLeases;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLeaseTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void a_held_file_is_not_given_to_another_in_the_same_process() throws IOException {
    FileLease lease = FileLease.tryTake(directory.resolve("a")).orElseThrow();
    assertThat(FileLease.tryTake(directory.resolve("a"))).isEmpty();
    assertThat(FileLease.tryTake(directory.resolve("x/../a"))).isEmpty();
    lease.close();
    FileLease.tryTake(directory.resolve("a")).orElseThrow().close();
  }

  @Test
  void who_left_is_not_counted_and_who_is_there_is() throws IOException {
    ServerLeases users = new ServerLeases(directory);
    assertThat(users.anybodyThere()).isFalse();
    FileLease one = users.enter();
    assertThat(users.anybodyThere()).isTrue();
    one.delete();
    assertThat(users.anybodyThere()).isFalse();
  }

  @Test
  void what_a_killed_process_left_does_not_count() throws IOException {
    ServerLeases users = new ServerLeases(directory);
    users.enter().close(); // the file remains, without a lock
    assertThat(users.anybodyThere()).isFalse();
    assertThat(directory).isEmptyDirectory();
  }
}
