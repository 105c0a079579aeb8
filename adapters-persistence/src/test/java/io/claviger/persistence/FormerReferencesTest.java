package io.claviger.persistence;

import static io.claviger.persistence.Transferring.DONE;
import static io.claviger.persistence.Transferring.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the references lead that services had before a transfer. */
@SuppressWarnings("NullAway.Init") // set before each test
final class FormerReferencesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Transferring T = new Transferring(PORTS, USE);

  private TransferScene scene;
  private User alice;
  private User bob;
  private User carol;
  private User dave;

  @BeforeEach
  void begin() {
    scene = new TransferScene(PORTS);
    alice = scene.alice;
    bob = scene.bob;
    carol = scene.carol;
    dave = scene.dave;
  }

  @Test
  void an_old_reference_shows_the_service_to_those_who_see_it_and_to_nobody_else() {
    Instance x = scene.service("x");
    scene.share(x, AShare.with(carol).role(Role.READER), alice);
    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x")))).isEqualTo(DONE);

    assertThat(T.shown(bob, "alice/x")).contains("bob/x");
    assertThat(T.shown(carol, "alice/x")).contains("bob/x");
    assertThat(T.shown(dave, "alice/x")).isEmpty();
    assertThat(T.shown(alice, "alice/x")).isEmpty();
  }

  @Test
  void nothing_else_gets_an_old_reference_before_its_new_owner_ends_it() {
    Instance x = scene.service("x");
    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x")))).isEqualTo(DONE);
    assertThat(put(alice, "alice/x")).isEqualTo("handle_reserved");
    assertThat(put(bob, "alice/x")).isEqualTo("handle_reserved");
    assertThat(code(T.references.of(RacingUseCases.as(carol), Instance.Ref.of("bob/x"))))
        .isEqualTo("not_found");
    assertThat(T.references.of(RacingUseCases.as(bob), Instance.Ref.of("bob/x")).orThrow())
        .singleElement()
        .satisfies(former -> assertThat(former.owner()).isEqualTo(alice.handle()));

    assertThat(code(T.references.end(RacingUseCases.as(bob), Instance.Ref.of("bob/x"))))
        .isEqualTo(DONE);

    assertThat(put(alice, "alice/x")).isEqualTo(DONE);
    assertThat(T.shown(alice, "alice/x")).contains("alice/x");
    assertThat(x.ref().toString()).isEqualTo("alice/x");
  }

  @Test
  void an_old_reference_outlives_its_former_owner() {
    Instance unused = scene.service("x");
    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x")))).isEqualTo(DONE);
    assertThat(
            code(
                USE.users.delete(
                    RacingUseCases.as(scene.root), alice.handle(), Precondition.NONE, false)))
        .isEqualTo(DONE);
    User another = scene.stored(AUser.called("alice").build());

    assertThat(T.shown(bob, "alice/x")).contains("bob/x");
    assertThat(put(another, "alice/x")).isEqualTo("handle_reserved");
  }

  @Test
  void after_thirty_days_an_old_reference_is_free() {
    Instance unused = scene.service("x");
    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x")))).isEqualTo(DONE);
    int aged =
        PORTS.sql().sql("update moved_references set until = until - interval '30 days'").update();
    assertThat(aged).isEqualTo(1);

    assertThat(T.shown(bob, "alice/x")).isEmpty();
    assertThat(put(alice, "alice/x")).isEqualTo(DONE);
  }

  @Test
  void what_comes_back_gets_its_old_reference_again() {
    Instance unused = scene.service("x");
    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x")))).isEqualTo(DONE);
    assertThat(T.accept(alice, T.offered(bob, alice, List.of("bob/x")))).isEqualTo(DONE);

    assertThat(T.shown(alice, "alice/x")).contains("alice/x");
    assertThat(T.shown(alice, "bob/x")).contains("alice/x");
    assertThat(put(bob, "bob/x")).isEqualTo("handle_reserved");
  }

  private static String put(User user, String ref) {
    return code(
        USE.instances.put(
            RacingUseCases.as(user),
            Instance.Ref.of(ref),
            Precondition.NONE,
            InstanceWriteBuilder.of().from("_system/openai-large").command()));
  }
}
