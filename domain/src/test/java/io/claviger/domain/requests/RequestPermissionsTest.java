package io.claviger.domain.requests;

import static io.claviger.domain.requests.RequestPermissions.RequestVerdict.FORBIDDEN;
import static io.claviger.domain.requests.RequestPermissions.RequestVerdict.GRANTED;
import static io.claviger.domain.requests.RequestPermissions.RequestVerdict.HIDDEN;
import static io.claviger.domain.requests.RequestPermissions.RequestVerdict.NOT_OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.requests.RequestPermissions.RequestAction;
import io.claviger.domain.requests.RequestPermissions.RequestVerdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestPermissionsTest {
  @ParameterizedTest
  @CsvSource({
    "ASKER, SEE, GRANTED",
    "ASKER, GRANT, FORBIDDEN",
    "ASKER, DECLINE, FORBIDDEN",
    "ASKER, WITHDRAW, GRANTED",
    "LENDER, SEE, GRANTED",
    "LENDER, GRANT, GRANTED",
    "LENDER, DECLINE, GRANTED",
    "LENDER, WITHDRAW, FORBIDDEN",
    "STRANGER, SEE, HIDDEN",
    "STRANGER, GRANT, HIDDEN",
    "STRANGER, DECLINE, HIDDEN",
    "STRANGER, WITHDRAW, HIDDEN"
  })
  void everybody_may_what_the_table_says_while_it_is_open(
      RequestRole role, RequestAction action, RequestVerdict verdict) {
    assertThat(RequestPermissions.may(role, action, RequestState.OPEN)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"GRANTED", "DECLINED", "WITHDRAWN"})
  void what_ended_is_only_seen(RequestState ended) {
    for (RequestRole role : RequestRole.values()) {
      for (RequestAction action : RequestAction.values()) {
        RequestVerdict open = RequestPermissions.may(role, action, RequestState.OPEN);
        boolean changes = open == GRANTED && action != RequestAction.SEE;
        assertThat(RequestPermissions.may(role, action, ended))
            .isEqualTo(changes ? NOT_OPEN : open)
            .isIn(GRANTED, FORBIDDEN, HIDDEN, NOT_OPEN);
      }
    }
  }
}
