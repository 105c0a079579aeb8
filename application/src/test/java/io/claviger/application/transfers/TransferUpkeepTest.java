package io.claviger.application.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ATransfer;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Offers and former references end when their time has run out, and ended transfers later. */
class TransferUpkeepTest {
  private final Wiring w = new Wiring();
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance service = w.stored(AnInstance.of(alice, "x").build());
  private final Instant now = w.claviger.clock().instant();
  private final Transfer offer = offer();
  private final TransferUpkeep upkeep =
      new TransferUpkeep(w.claviger.transfers(), w.claviger.ownerChanges());

  @Test
  void an_offer_expires_after_its_time_and_not_before() {
    run(offer.expiresAt().minusNanos(1));
    assertThat(state()).contains(TransferState.OFFERED);

    run(offer.expiresAt().plus(Duration.ofMinutes(10)));
    assertThat(state()).contains(TransferState.EXPIRED);
  }

  @Test
  void a_transfer_that_ended_is_shown_for_its_time_and_then_deleted() {
    Transfer declined = offer.ended(TransferState.DECLINED, offer.items(), now);
    w.claviger.transfers().end(declined);

    run(now.plus(TransferUpkeep.SHOWN_FOR));
    assertThat(state()).contains(TransferState.DECLINED);

    run(now.plus(TransferUpkeep.SHOWN_FOR).plus(Duration.ofMinutes(10)));
    assertThat(state()).isEmpty();
  }

  @Test
  void an_offer_that_expired_while_nothing_ran_is_shown_for_its_time_from_then() {
    run(offer.expiresAt().plus(Duration.ofDays(1)));

    run(offer.expiresAt().plus(TransferUpkeep.SHOWN_FOR).plusSeconds(1));
    assertThat(state()).isEmpty();
  }

  @Test
  void a_former_reference_ends_with_its_time() {
    Instant until = now.plus(Transfer.REFERENCE_LASTS);
    int unused = w.claviger.ownerChanges().move(offer, offer.items().getFirst(), now, until);

    run(until.minusNanos(1));
    assertThat(w.claviger.ownerChanges().serviceThatWas(service.ref())).isPresent();

    run(until.plus(Duration.ofMinutes(10)));
    assertThat(w.claviger.ownerChanges().serviceThatWas(service.ref())).isEmpty();
  }

  @Test
  void it_runs_soon_after_the_clock_was_ahead() {
    run(offer.expiresAt().minusSeconds(1));
    w.claviger
        .transfers()
        .end(
            offer.ended(
                TransferState.DECLINED,
                offer.items(),
                now.minus(TransferUpkeep.SHOWN_FOR).minusSeconds(1)));

    run(now);

    assertThat(state()).isEmpty();
  }

  @Test
  void it_waits_ten_minutes_between_runs() {
    run(offer.expiresAt().minusSeconds(1));

    run(offer.expiresAt().plusSeconds(598));
    assertThat(state()).contains(TransferState.OFFERED);
    run(offer.expiresAt().plusSeconds(599));
    assertThat(state()).contains(TransferState.EXPIRED);
  }

  /** Runs the upkeep if it is due when all clocks show this time. */
  private void run(Instant at) {
    w.claviger.clock().set(at);
    upkeep.runIfDue(at);
  }

  private Optional<TransferState> state() {
    return w.claviger
        .transfers()
        .find(offer.id(), Sight.ofEverything(offer.from().id()))
        .map(Transfer::state);
  }

  private Transfer offer() {
    Transfer made = ATransfer.of(alice, bob, service, service.ref().handle(), now);
    w.claviger.transfers().insert(made, alice.id());
    return made;
  }
}
