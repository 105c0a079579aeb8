package io.claviger.application.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.CountingCallContexts;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.ATransfer;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.transfers.Transfer;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MovedCallContextsTest {
  private static final Instance.Ref OLD = Instance.Ref.of("alice/x");
  private static final Instance.Ref NEW = Instance.Ref.of("bob/y");

  private final Wiring w = new Wiring();
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final TokenText reader = w.stored(AToken.of(w.user("carol")).build());
  private final TokenText stranger = w.stored(AToken.of(w.user("dave")).build());
  private final CountingCallContexts counted = new CountingCallContexts(w.claviger.callContexts());
  private final MovedCallContexts contexts =
      new MovedCallContexts(counted, w.claviger.ownerChanges());

  @BeforeEach
  void move() {
    Instance x = w.stored(AnInstance.of(alice, "x").build());
    User carol = w.claviger.users().find(new Handle("carol")).orElseThrow();
    Object unusedShare = w.stored(x, AShare.with(carol).givenBy(alice).build());
    Instant now = w.claviger.clock().instant();
    Transfer transfer = ATransfer.of(alice, bob, x, NEW.handle(), now);
    int unused =
        w.claviger
            .ownerChanges()
            .move(transfer, transfer.items().getFirst(), now, now.plusSeconds(60));
  }

  @Test
  void a_former_reference_leads_to_what_moved() {
    assertThat(called(reader, OLD)).contains(NEW);
    assertThat(counted.asked()).isEqualTo(2);
  }

  @Test
  void a_present_reference_is_asked_for_once() {
    assertThat(called(reader, NEW)).contains(NEW);
    assertThat(counted.asked()).isEqualTo(1);
  }

  @Test
  void what_is_hidden_behind_a_former_reference_costs_what_never_existed_costs() {
    assertThat(called(stranger, OLD)).isEmpty();
    int hidden = counted.asked();

    assertThat(called(stranger, Instance.Ref.of("alice/none"))).isEmpty();
    assertThat(counted.asked()).isEqualTo(2 * hidden);
  }

  private Optional<Instance.Ref> called(TokenText token, Instance.Ref ref) {
    return contexts
        .gather(token.hash(), ref, w.claviger.clock().instant())
        .flatMap(CallContext<ServiceContext>::target)
        .map(context -> context.instance().ref());
  }
}
