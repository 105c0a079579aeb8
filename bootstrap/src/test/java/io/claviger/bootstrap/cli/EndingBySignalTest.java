package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.OtherJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class EndingBySignalTest {

  @Test
  void sigterm_stops_the_server_and_is_exit_code_0() throws Exception {
    try (OtherJvm program = new OtherJvm(PretendedServer.class, "well")) {
      assertThat(program.line()).isEqualTo("claviger is ready on http://a, gateway on http://g");
      program.terminate();
      assertThat(program.line()).isEqualTo("stopping within PT30S");
      assertThat(program.exitCode()).isZero();
    }
  }

  @Test
  void a_server_that_ends_badly_is_exit_code_1() throws Exception {
    try (OtherJvm program = new OtherJvm(PretendedServer.class, "badly")) {
      program.line();
      program.terminate();
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }
}
