package io.claviger.domain.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransferTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Transfer.Party ALICE = party(1, "alice");
  private static final Transfer.Party BOB = party(2, "bob");
  private static final Transfer OFFER =
      Transfer.offered(
          new Transfer.Id(new UUID(0, 9)),
          ALICE,
          BOB,
          ALICE.handle(),
          List.of(
              new TransferItem(
                  TransferItem.Kind.SERVICE,
                  Optional.of(new UUID(0, 3)),
                  new Handle("x"),
                  Optional.empty())),
          NOW);

  private static Transfer.Party party(long id, String handle) {
    return new Transfer.Party(new User.Id(new UUID(0, id)), new Handle(handle));
  }

  @Test
  void an_offer_is_open_for_fourteen_days() {
    Instant end = Instant.parse("2026-03-15T12:00:00Z");

    assertThat(OFFER.expiresAt()).isEqualTo(end);
    assertThat(OFFER.stateAt(end.minusNanos(1))).isEqualTo(TransferState.OFFERED);
    assertThat(OFFER.stateAt(end)).isEqualTo(TransferState.EXPIRED);
  }

  @ParameterizedTest
  @EnumSource(names = "OFFERED", mode = EnumSource.Mode.EXCLUDE)
  void what_has_ended_stays_so(TransferState state) {
    Transfer ended = OFFER.ended(state, OFFER.items(), NOW);

    assertThat(ended.stateAt(NOW.plus(Transfer.OPEN_FOR).plus(Transfer.OPEN_FOR))).isEqualTo(state);
  }

  @Test
  void a_party_counts_before_an_administrator() {
    for (boolean administrator : new boolean[] {false, true}) {
      assertThat(TransferRole.of(ALICE.id(), administrator, OFFER)).isEqualTo(TransferRole.GIVER);
      assertThat(TransferRole.of(BOB.id(), administrator, OFFER)).isEqualTo(TransferRole.RECEIVER);
    }
    User.Id other = new User.Id(new UUID(0, 5));
    assertThat(TransferRole.of(other, true, OFFER)).isEqualTo(TransferRole.ADMINISTRATOR);
    assertThat(TransferRole.of(other, false, OFFER)).isEqualTo(TransferRole.STRANGER);
  }
}
