package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Role;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a service changes its endpoint, users' own keys for it are deleted. */
class UserKeysRemovedTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final StoredKeys keys = new StoredKeys(w);
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final User carol = w.user("carol");
  private final Instance service =
      keys.withHeader(
          AnInstance.of(alice, "s")
              .endpoint("https://one.example.org/v1")
              .organization("org-1")
              .keyPolicy(new KeyPolicy(true, true, true)),
          "X-Team",
          "team-" + Wiring.CANARY);
  private final Instance sibling =
      w.stored(AnInstance.of(alice, "t").keyPolicy(new KeyPolicy(true, true, true)).build());

  static Stream<Named<Supplier<InstanceWriteBuilder>>> moves() {
    return Stream.of(
        of("endpoint", () -> moved().header("X-Team", "again-" + Wiring.CANARY)),
        of("endpoint, headers cleared", () -> moved().clearingTheHeaders()),
        of("API standard", () -> InstanceWriteBuilder.of().apiStandard("azure-openai").noHeaders()),
        of("organization", () -> InstanceWriteBuilder.of().organization("org-2")),
        of("other header values", () -> InstanceWriteBuilder.of().header("X-Team", Wiring.CANARY)),
        of("no header values", () -> InstanceWriteBuilder.of().clearingTheHeaders()));
  }

  static Stream<Named<Supplier<InstanceWriteBuilder>>> stays() {
    return Stream.of(
        of("description", () -> InstanceWriteBuilder.of().description("new")),
        of("display name", () -> InstanceWriteBuilder.of().displayName("New")),
        of("model", () -> InstanceWriteBuilder.of().model("other").withoutDimensions()),
        of("timeout", () -> InstanceWriteBuilder.of().timeout(5)),
        of("enabled", () -> InstanceWriteBuilder.of().enabled(false)),
        of("limits", () -> InstanceWriteBuilder.of().requestsPerMinute(5)),
        of("key policy", () -> InstanceWriteBuilder.of().keyPolicy(true, false, false)),
        of("central key", () -> InstanceWriteBuilder.of().key()),
        of(
            "the same endpoint",
            () -> InstanceWriteBuilder.of().endpoint("https://one.example.org/v1/")),
        of("the same organization", () -> InstanceWriteBuilder.of().organization("org-1")));
  }

  private static Named<Supplier<InstanceWriteBuilder>> of(
      String name, Supplier<InstanceWriteBuilder> write) {
    return Named.of(name, write);
  }

  private static InstanceWriteBuilder moved() {
    return InstanceWriteBuilder.of().endpoint("https://two.example.org/v1");
  }

  @BeforeEach
  void fill() {
    for (User user : new User[] {bob, carol}) {
      keys.ofUser(service, user, Wiring.CANARY);
      keys.ofUser(sibling, user, Wiring.CANARY);
    }
  }

  @ParameterizedTest
  @MethodSource("moves")
  void what_changes_where_or_how_a_key_is_sent_deletes_users_keys_and_counts_them(
      Supplier<InstanceWriteBuilder> change) {
    assertThat(removed(patch(change.get()))).hasValue(2);

    assertThat(keys.has(service, bob)).isFalse();
    assertThat(keys.has(service, carol)).isFalse();
    assertThat(keys.has(sibling, bob)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("stays")
  void everything_else_keeps_them(Supplier<InstanceWriteBuilder> change) {
    assertThat(removed(patch(change.get()))).isEmpty();

    assertThat(keys.has(service, bob)).isTrue();
    assertThat(keys.has(service, carol)).isTrue();
  }

  @Test
  void of_a_service_that_stores_no_secret_each_change_by_itself_deletes_them() {
    for (InstanceWriteBuilder change :
        List.of(
            moved(),
            InstanceWriteBuilder.of().apiStandard("azure-openai"),
            InstanceWriteBuilder.of().organization("org-9"))) {
      keys.ofUser(sibling, bob, Wiring.CANARY);
      keys.ofUser(sibling, carol, Wiring.CANARY);

      assertThat(removed(write.patch(w.as(alice), "alice/t", change))).hasValue(2);
      assertThat(keys.has(sibling, bob)).isFalse();
    }
    assertThat(keys.has(service, bob)).isTrue();
  }

  @Test
  void a_replacement_that_drops_the_organization_deletes_them_too() {
    InstanceWriteBuilder replacement =
        InstanceWriteBuilder.openAi()
            .endpoint("https://one.example.org/v1")
            .keyPolicy(true, true, true);

    assertThat(removed(write.put(w.as(alice), "alice/s", replacement))).hasValue(2);
  }

  @Test
  void what_was_read_and_sent_back_keeps_them() {
    assertThat(removed(write.put(w.as(alice), "alice/s", InstanceWriteBuilder.back(service))))
        .isEmpty();
    assertThat(keys.has(service, bob)).isTrue();
  }

  @Test
  void who_names_the_standing_endpoint_moves_nothing() {
    assertThat(w.stored(service, AShare.with(bob).role(Role.OWNER).build()).grantee().id())
        .isEqualTo(bob.id());

    Outcome<WrittenInstance> outcome =
        write.patch(
            w.as(bob), "alice/s", InstanceWriteBuilder.of().endpoint("https://one.example.org/v1"));

    assertThat(removed(outcome)).isEmpty();
    assertThat(w.now(service.ref()).endpointSetBy()).contains(bob.id());
    assertThat(keys.has(service, bob)).isTrue();
  }

  @Test
  void a_refused_change_keeps_them() {
    assertThat(because(patch(moved()))).isEqualTo("key_bound_to_destination");
    assertThat(
            because(
                write.patch(
                    w.as(alice),
                    "alice/s",
                    Precondition.version(7),
                    InstanceWriteBuilder.of().organization("org-2"))))
        .isEqualTo("precondition_failed");

    assertThat(keys.has(service, bob)).isTrue();
    assertThat(keys.has(service, carol)).isTrue();
  }

  @Test
  void that_there_were_none_is_counted_too() {
    assertThat(w.claviger.userKeys().deleteAllFor(service.id())).isEqualTo(2);

    assertThat(removed(patch(InstanceWriteBuilder.of().organization("org-2")))).hasValue(0);
    assertThat(w.recorded()).containsExactly("service.update done alice/s [organization]");
  }

  @Test
  void a_creation_counts_none() {
    assertThat(
            removed(
                write.put(
                    w.as(alice),
                    "alice/new",
                    InstanceWriteBuilder.openAi().endpoint("https://one.example.org/v1"))))
        .isEmpty();
  }

  @Test
  void it_is_on_record_without_a_name() {
    Outcome<WrittenInstance> unused = patch(InstanceWriteBuilder.of().organization("org-2"));

    assertThat(w.recorded())
        .containsExactly("service.update done alice/s [organization, user_keys]");
    assertThat(w.claviger.auditEvents().toString()).doesNotContain(Wiring.CANARY);
  }

  @Test
  void the_answer_tells_what_the_writer_can_call_with_now() {
    keys.ofUser(service, alice, Wiring.CANARY);

    assertThat(view(patch(InstanceWriteBuilder.of().description("new"))).hasEffectiveApiKey())
        .isTrue();
    assertThat(view(patch(InstanceWriteBuilder.of().organization("org-2"))).hasEffectiveApiKey())
        .isFalse();
  }

  private Outcome<WrittenInstance> patch(InstanceWriteBuilder change) {
    return write.patch(w.as(alice), "alice/s", change);
  }

  private static InstanceView view(Outcome<WrittenInstance> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().view();
  }

  private static OptionalInt removed(Outcome<WrittenInstance> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().userKeysRemoved();
  }
}
