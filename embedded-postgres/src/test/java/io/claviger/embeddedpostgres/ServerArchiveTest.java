package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.embeddedpostgres.ServerPrograms.ServerArchive;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class ServerArchiveTest {
  @Test
  void a_machine_gets_the_archive_of_its_system_and_processor() {
    assertThat(ServerArchive.names("Linux", "amd64", false))
        .containsExactly("postgres-linux-x86_64.txz");
    assertThat(ServerArchive.names("Linux", "aarch64", true))
        .containsExactly("postgres-linux-arm_64-alpine_linux.txz", "postgres-linux-arm_64.txz");
    assertThat(ServerArchive.names("Mac OS X", "aarch64", false))
        .containsExactly("postgres-darwin-arm_64.txz");
  }

  @Test
  void there_is_one_for_this_machine() throws IOException {
    try (InputStream archive = ServerArchive.open()) {
      assertThat(archive.readNBytes(6))
          .containsExactly(0xFD, '7', 'z', 'X', 'Z', 0); // the first bytes of every xz file
    }
  }
}
