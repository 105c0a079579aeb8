package io.claviger.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StartRefusedTest {
  @Test
  void a_host_name_that_can_not_be_resolved_is_said_to_be_so() {
    assertThat(reason(new UnknownHostException("nowhere.invalid")))
        .isEqualTo("can't be reached: its host name can't be resolved");
  }

  @Test
  void a_broken_connection_is_reported_with_its_reason_if_there_is_one() {
    assertThat(reason(new SocketException("Connection reset")))
        .isEqualTo("can't be reached: Connection reset");
    assertThat(reason(new SocketException())).isEqualTo("can't be reached");
  }

  private static String reason(Exception cause) {
    return StartRefused.reason(new SQLException("", "08001", cause));
  }
}
