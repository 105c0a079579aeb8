package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ARequest;
import io.claviger.application.builders.AShare;
import io.claviger.application.requests.BorrowRequests.RequestFilter;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to borrow, when the service changes its owner. */
@SuppressWarnings("NullAway.Init") // set before each test
final class RequestsFollowServicesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Transferring T = new Transferring(PORTS, USE);

  private TransferScene scene;
  private Instance x;

  @BeforeEach
  void begin() {
    scene = new TransferScene(PORTS);
    x = scene.service("x");
  }

  private BorrowRequest asked(User asker) {
    scene.share(x, AShare.with(asker).role(Role.READER), scene.alice);
    BorrowRequest request = ARequest.of(asker, x).build();
    assertThat(PORTS.borrowRequests().insert(request)).isTrue();
    return request;
  }

  private void give() {
    List<String> all = List.of("alice/x");
    assertThat(T.accept(scene.bob, T.offered(scene.alice, scene.bob, all))).isEqualTo(DONE);
  }

  private List<BorrowRequest> listed(User user, RequestSide side) {
    return USE.borrowRequests
        .list(
            RacingUseCases.as(user),
            new RequestFilter(Optional.of(side), Optional.of(RequestState.OPEN)),
            new PageRequest<>(Optional.empty(), 99))
        .orThrow()
        .items();
  }

  @Test
  void the_new_owner_is_asked_and_grants() {
    BorrowRequest request = asked(scene.carol);
    give();

    assertThat(listed(scene.alice, RequestSide.OF_ME)).isEmpty();
    BorrowRequest now = listed(scene.bob, RequestSide.OF_ME).get(0);
    assertThat(now.id()).isEqualTo(request.id());
    assertThat(now.serviceFor(scene.bob.id())).hasToString("bob/x");
    assertThat(now.serviceFor(scene.carol.id())).hasToString("alice/x");
    Share share =
        USE.borrowRequests
            .grant(RacingUseCases.as(scene.bob), request.id(), RequestGrant.AS_ASKED)
            .orThrow()
            .share();
    assertThat(share.terms().role()).isEqualTo(Role.WRITER);
    assertThat(share.givenBy()).contains(scene.bob.handle());
  }

  @Test
  void what_the_new_owner_asked_for_ends() {
    BorrowRequest request = asked(scene.bob);
    give();

    assertThat(PORTS.borrowRequests().find(request.id())).isEmpty();
  }
}
