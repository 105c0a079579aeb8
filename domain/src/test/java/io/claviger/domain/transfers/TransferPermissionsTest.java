package io.claviger.domain.transfers;

import static io.claviger.domain.transfers.TransferPermissions.TransferVerdict.FORBIDDEN;
import static io.claviger.domain.transfers.TransferPermissions.TransferVerdict.GRANTED;
import static io.claviger.domain.transfers.TransferPermissions.TransferVerdict.HIDDEN;
import static io.claviger.domain.transfers.TransferPermissions.TransferVerdict.NOT_OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.transfers.TransferPermissions.TransferAction;
import io.claviger.domain.transfers.TransferPermissions.TransferVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TransferPermissionsTest {
  @ParameterizedTest
  @CsvSource({
    "GIVER, SEE, GRANTED",
    "GIVER, ACCEPT, FORBIDDEN",
    "GIVER, DECLINE, FORBIDDEN",
    "GIVER, WITHDRAW, GRANTED",
    "RECEIVER, SEE, GRANTED",
    "RECEIVER, ACCEPT, GRANTED",
    "RECEIVER, DECLINE, GRANTED",
    "RECEIVER, WITHDRAW, FORBIDDEN",
    "ADMINISTRATOR, SEE, GRANTED",
    "ADMINISTRATOR, ACCEPT, FORBIDDEN",
    "ADMINISTRATOR, DECLINE, FORBIDDEN",
    "ADMINISTRATOR, WITHDRAW, GRANTED",
    "STRANGER, SEE, HIDDEN",
    "STRANGER, ACCEPT, HIDDEN",
    "STRANGER, DECLINE, HIDDEN",
    "STRANGER, WITHDRAW, HIDDEN"
  })
  void everybody_may_what_the_table_says_while_it_is_open(
      TransferRole role, TransferAction action, TransferVerdict verdict) {
    assertThat(TransferPermissions.may(role, action, TransferState.OFFERED)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @EnumSource(names = "OFFERED", mode = EnumSource.Mode.EXCLUDE)
  void what_has_ended_is_only_seen(TransferState state) {
    for (TransferRole role : TransferRole.values()) {
      for (TransferAction action : TransferAction.values()) {
        TransferVerdict open = TransferPermissions.may(role, action, TransferState.OFFERED);
        TransferVerdict expected =
            open == GRANTED && action != TransferAction.SEE ? NOT_OPEN : open;
        assertThat(TransferPermissions.may(role, action, state)).isEqualTo(expected);
      }
    }
  }

  @Test
  void administrators_offer_only_what_a_suspended_user_owns() {
    for (boolean own : new boolean[] {false, true}) {
      for (boolean administrator : new boolean[] {false, true}) {
        for (boolean suspended : new boolean[] {false, true}) {
          assertThat(TransferPermissions.mayOffer(own, administrator, suspended))
              .isEqualTo(own || administrator && suspended);
        }
      }
    }
  }

  @Test
  void a_stranger_gets_no_other_verdict_than_hidden() {
    for (TransferAction action : TransferAction.values()) {
      for (TransferState state : TransferState.values()) {
        assertThat(TransferPermissions.may(TransferRole.STRANGER, action, state))
            .isEqualTo(HIDDEN)
            .isNotEqualTo(FORBIDDEN);
      }
    }
  }
}
