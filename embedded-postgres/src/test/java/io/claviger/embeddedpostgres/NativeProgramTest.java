package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativeProgramTest {
  @Test
  void the_reason_is_the_first_error_and_not_what_follows_from_it() {
    assertThat(
            reason(
                """
                creating configuration files ... ok
                running bootstrap script ... 2026-11-29 21:37:33.281 UTC [43] FATAL:  could not write to file "pg_wal/x": No space left on device
                child process exited with exit code 1
                initdb: removing data directory "/data/postgres/cluster"
                """))
        .isEqualTo("FATAL:  could not write to file \"pg_wal/x\": No space left on device");
    assertThat(reason("initdb: error: directory is not empty\ninitdb: hint: remove it\n"))
        .isEqualTo("initdb: error: directory is not empty");
  }

  @Test
  void without_an_error_the_reason_is_the_last_line_or_the_exit_code() {
    assertThat(reason("waiting for server to start....\nunshare: Operation not permitted\n\n"))
        .isEqualTo("unshare: Operation not permitted");
    assertThat(reason("\n")).isEqualTo("exit code 1");
  }

  private static String reason(String output) {
    return new NativeProgram.Result(1, output).reason();
  }
}
