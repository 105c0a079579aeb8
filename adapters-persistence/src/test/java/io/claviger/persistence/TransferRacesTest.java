package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.manyBehind;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.transfers.Transfer;
import io.claviger.testkit.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;

/** Transfers in 16 threads, while the giver does something else with what they offered. */
final class TransferRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Transferring T = new Transferring(PORTS, USE);

  private final User alice = PORTS.storedFirst(AUser.called("alice").build());
  private final User bob = PORTS.stored(AUser.called("bob").build());
  private final Instance x = PORTS.stored(AnInstance.of(alice, "x").build());

  @Race.Repeated
  void an_offer_is_accepted_once() {
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    List<String> outcomes = many(n -> T.accept(bob, offer));

    assertThat(count(outcomes, DONE)).isEqualTo(1);
    assertThat(outcomes).isSubsetOf(DONE, "not_open");
    assertThat(owner()).isEqualTo("bob/x");
  }

  @Race.Repeated
  void an_offer_is_accepted_or_declined_or_withdrawn() {
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    List<String> outcomes =
        many(
            n ->
                switch (n % 3) {
                  case 0 -> prefixed("accept ", T.accept(bob, offer));
                  case 1 ->
                      prefixed(
                          "decline ",
                          code(T.transfers.decline(RacingUseCases.as(bob), offer.id())));
                  default ->
                      prefixed(
                          "withdraw ",
                          code(T.transfers.withdraw(RacingUseCases.as(alice), offer.id())));
                });

    assertThat(outcomes.stream().filter(said -> said.endsWith(DONE))).hasSize(1);
    assertThat(owner()).isEqualTo(outcomes.contains("accept done") ? "bob/x" : "alice/x");
  }

  @Race.Repeated
  void a_service_is_in_one_open_offer() {
    List<String> outcomes = many(n -> code(T.offer(alice, bob, List.of("alice/x"))));

    assertThat(count(outcomes, DONE)).isEqualTo(1);
    assertThat(outcomes).isSubsetOf(DONE, "already_offered");
  }

  @Race.Repeated
  void a_service_is_deleted_by_its_giver_or_accepted() {
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    List<String> outcomes =
        oneAgainstMany(
            () ->
                prefixed(
                    "delete ",
                    code(
                        USE.instances.delete(
                            RacingUseCases.as(alice), x.ref(), Precondition.NONE))),
            n -> T.accept(bob, offer));

    boolean accepted = outcomes.contains(DONE);
    assertThat(outcomes).contains(accepted ? "delete not_found" : "delete done");
    assertThat(outcomes)
        .isSubsetOf("delete done", "delete not_found", DONE, "not_open", "offer_changed");
    assertThat(T.shown(bob, "bob/x").isPresent()).isEqualTo(accepted);
  }

  @Race.Repeated
  void what_the_giver_shares_meanwhile_is_shared_by_the_receiver_or_not_at_all() {
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));
    List<User> others = new ArrayList<>();
    for (int n = 0; n < 16; n++) {
      others.add(PORTS.stored(AUser.called("other-" + n).build()));
    }

    List<String> outcomes =
        oneAgainstMany(
            () -> prefixed("accept ", T.accept(bob, offer)),
            n ->
                code(
                    USE.sharing.share(
                        RacingUseCases.as(alice),
                        x.ref(),
                        GranteeName.user(others.get(n).handle()),
                        Precondition.NONE,
                        new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE))));

    assertThat(outcomes).contains("accept done").isSubsetOf("accept done", DONE, "not_found");
    List<Share> shares = PORTS.shares().listOf(x.id(), Optional.empty(), 99);
    assertThat(shares).hasSize(count(outcomes, DONE));
    assertThat(shares).allSatisfy(s -> assertThat(s.givenBy()).contains(bob.handle()));
  }

  @Race.Repeated
  void the_old_reference_is_never_given_to_something_else() {
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    List<String> outcomes =
        oneAgainstMany(() -> prefixed("accept ", T.accept(bob, offer)), n -> put(alice));

    assertThat(outcomes).contains("accept done");
    assertThat(outcomes).isSubsetOf("accept done", DONE, "handle_reserved");
    assertThat(T.shown(bob, "alice/x")).contains("bob/x");
    assertThat(T.shown(alice, "alice/x")).isEmpty();
  }

  @Race.Repeated
  void the_giver_does_not_end_the_reference_that_the_receiver_gets() {
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> assertThat(T.accept(bob, offer)).isEqualTo(DONE),
            n -> code(T.references.end(RacingUseCases.as(alice), x.ref())));

    assertThat(outcomes).containsOnly("not_found");
    assertThat(T.shown(bob, "alice/x")).contains("bob/x");
  }

  @Race.Repeated
  void a_handle_is_given_to_one_of_two_that_the_receiver_gets() {
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    List<String> outcomes =
        oneAgainstMany(() -> prefixed("accept ", T.accept(bob, offer)), n -> putOwn(bob));

    assertThat(outcomes).containsAnyOf("accept done", "accept handle_taken");
    assertThat(T.shown(bob, "bob/x")).contains("bob/x");
    assertThat(owner()).isEqualTo(outcomes.contains("accept done") ? "bob/x" : "alice/x");
  }

  private String owner() {
    return PORTS
        .sql()
        .sql("select owner_handle || '/' || handle from instances where id = :id")
        .param("id", x.id().value())
        .query(String.class)
        .single();
  }

  private String put(User user) {
    return putAt(user, x.ref());
  }

  private static String putOwn(User user) {
    return putAt(user, Instance.Ref.of(user.handle() + "/x"));
  }

  private static String putAt(User user, Instance.Ref ref) {
    return code(
        USE.instances.put(
            RacingUseCases.as(user),
            ref,
            Precondition.NONE,
            InstanceWriteBuilder.of().from("_system/openai-large").command()));
  }

  private static String prefixed(String what, String said) {
    return what + said;
  }
}
