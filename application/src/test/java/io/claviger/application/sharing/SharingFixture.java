package io.claviger.application.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The feature with Alice's service and users to share it with. */
final class SharingFixture {
  final Wiring w = new Wiring();
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final User carol = w.user("carol");
  final Instance service = w.stored(AnInstance.of(alice, "s").build());
  final Instance systems = w.stored(AnInstance.systemLevel("x").build());
  final Instant later = w.claviger.clock().instant().plus(Duration.ofDays(30));

  static Share.Terms as(Role role) {
    return new Share.Terms(role, false, Optional.empty(), Limits.NONE);
  }

  static Share.Terms resharable(Role role) {
    return new Share.Terms(role, true, Optional.empty(), Limits.NONE);
  }

  static Share.Terms until(Role role, Instant expiresAt) {
    return new Share.Terms(role, false, Optional.of(expiresAt), Limits.NONE);
  }

  static Share.Terms limited(Role role, int requestsPerMinute) {
    return new Share.Terms(
        role,
        false,
        Optional.empty(),
        new Limits(Optional.of(requestsPerMinute), Optional.empty(), Optional.empty()));
  }

  Outcome<GivenShare> share(User actor, User with, Share.Terms terms) {
    return share(w.as(actor), with.handle(), Precondition.NONE, terms);
  }

  Outcome<GivenShare> share(Actor actor, Handle with, Precondition condition, Share.Terms terms) {
    return w.sharing.share(actor, service.ref(), GranteeName.user(with), condition, terms);
  }

  Outcome<GranteeName> end(User actor, User whose) {
    return w.sharing.end(
        w.as(actor), service.ref(), GranteeName.user(whose.handle()), Precondition.NONE);
  }

  /** Gives a share, which must succeed, and forgets its audit event. */
  Share given(User actor, User with, Share.Terms terms) {
    Share share = shared(share(actor, with, terms));
    w.forget();
    return share;
  }

  Optional<Share> of(User grantee) {
    return w.claviger.shares().find(service.id(), grantee.id());
  }

  static Share shared(Outcome<GivenShare> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().share();
  }
}
