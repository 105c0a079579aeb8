package io.claviger.application.instances;

import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AShare;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

/** Whoever deposits a secret knows where it will go. */
class DestinationRequiredTest {
  private static final String OPENAI = "https://api.openai.com/v1";

  private final Wiring w = new Wiring();
  private final Writing write = new Writing(w);
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Definition bobs = ADefinition.of(bob, "open").isPublic().build();
  private final Definition own = ADefinition.of(alice, "own").build();

  DestinationRequiredTest() {
    w.claviger.definitions().insert(bobs);
    w.claviger.definitions().insert(own);
  }

  @Test
  void a_key_needs_the_endpoint_it_is_for() {
    assertThat(codes(put(AWrite.openAi().key()))).containsExactly("/endpoint destination_required");
  }

  @Test
  void header_values_need_the_endpoint_they_are_for() {
    assertThat(codes(put(AWrite.openAi().header("X-One", "1"))))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void a_refused_deposit_creates_nothing() {
    Outcome<WrittenInstance> unused = put(AWrite.openAi().key());

    assertThat(w.claviger.instances().find(Writing.ref("alice/s"), alice.id())).isEmpty();
  }

  @Test
  void a_key_with_its_endpoint_is_stored() {
    assertThat(Writing.written(put(AWrite.openAi().endpoint(OPENAI).key())).hasApiKey()).isTrue();
  }

  @Test
  void an_endpoint_named_in_one_request_is_set() {
    assertThat(Writing.written(put(AWrite.openAi().endpoint(OPENAI))).endpointSetBy())
        .contains(alice.id());
  }

  @Test
  void who_set_the_standing_endpoint_need_not_name_it() {
    Writing.written(put(AWrite.openAi().endpoint(OPENAI)));

    assertThat(Writing.written(patch(alice, AWrite.of().key())).hasApiKey()).isTrue();
  }

  @Test
  void who_set_the_standing_endpoint_need_not_name_it_in_a_replacement() {
    Writing.written(put(AWrite.openAi().endpoint(OPENAI)));

    assertThat(Writing.written(put(AWrite.openAi().key())).hasApiKey()).isTrue();
  }

  @Test
  void a_definition_of_the_system_says_where_it_goes() {
    assertThat(Writing.written(put(AWrite.of().from("_system/openai-large").key())).hasApiKey())
        .isTrue();
  }

  @Test
  void a_definition_of_ones_own_says_where_it_goes() {
    assertThat(Writing.written(put(AWrite.of().from("alice/own").key())).hasApiKey()).isTrue();
  }

  @Test
  void a_definition_of_another_does_not() {
    assertThat(codes(put(AWrite.of().from("bob/open").key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void a_definition_of_another_does_where_the_endpoint_is_named() {
    assertThat(
            Writing.written(put(AWrite.of().from("bob/open").endpoint(OPENAI).key())).hasApiKey())
        .isTrue();
  }

  @Test
  void creating_from_a_definition_of_the_system_sets_the_endpoint() {
    Writing.written(put(AWrite.of().from("_system/openai-large")));

    assertThat(Writing.written(patch(alice, AWrite.of().key())).hasApiKey()).isTrue();
  }

  @Test
  void creating_from_a_definition_of_another_does_not() {
    Instance created = Writing.written(put(AWrite.of().from("bob/open")));

    assertThat(created.endpointSetBy()).isEmpty();
    assertThat(codes(patch(alice, AWrite.of().key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void taking_the_providers_default_sets_nothing() {
    assertThat(Writing.written(put(AWrite.openAi())).endpointSetBy()).isEmpty();
  }

  @Test
  void naming_a_definition_that_the_endpoint_does_not_come_from_says_nothing() {
    Writing.written(put(AWrite.of().from("bob/open")));

    assertThat(codes(patch(alice, AWrite.of().from("_system/cohere-v4").key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void naming_a_definition_of_the_system_that_the_endpoint_comes_from_is_enough_later_too() {
    Writing.written(put(AWrite.of().from("bob/open")));

    assertThat(
            Writing.written(patch(alice, AWrite.of().from("_system/openai-large").key()))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void a_co_owner_who_did_not_set_the_endpoint_names_it() {
    shareWithBob(Writing.written(put(AWrite.openAi().endpoint(OPENAI))));

    assertThat(codes(patch(bob, AWrite.of().key())))
        .containsExactly("/endpoint destination_required");
    assertThat(Writing.written(patch(bob, AWrite.of().endpoint(OPENAI).key())).hasApiKey())
        .isTrue();
  }

  @Test
  void a_co_owner_led_elsewhere_deposits_nothing() {
    shareWithBob(Writing.written(put(AWrite.openAi().endpoint(OPENAI))));
    Writing.written(patch(bob, AWrite.of().endpoint("https://evil.example.org")));

    assertThat(codes(patch(alice, AWrite.of().key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void who_last_named_the_endpoint_set_it() {
    shareWithBob(Writing.written(put(AWrite.openAi().endpoint(OPENAI))));

    Instance after = Writing.written(patch(bob, AWrite.of().endpoint(OPENAI)));

    assertThat(after.endpointSetBy()).contains(bob.id());
  }

  @Test
  void that_another_set_the_endpoint_is_on_record() {
    shareWithBob(Writing.written(put(AWrite.openAi().endpoint(OPENAI))));
    w.forget();

    Writing.written(patch(bob, AWrite.of().endpoint(OPENAI)));

    assertThat(w.recorded()).containsExactly("service.update done alice/s [endpoint]");
  }

  @Test
  void who_may_not_set_the_endpoint_does_not_become_its_setter_by_naming_it() {
    Instance service = Writing.written(put(AWrite.openAi().endpoint(OPENAI)));
    Share unused = w.stored(service, AShare.with(bob).role(Role.WRITER).givenBy(alice).build());

    Instance after = Writing.written(patch(bob, AWrite.of().endpoint(OPENAI).timeout(5)));

    assertThat(after.endpointSetBy()).contains(alice.id());
  }

  @Test
  void an_endpoint_that_moves_unnamed_was_set_by_nobody() {
    Writing.written(put(AWrite.openAi().endpoint("https://x.example.org")));

    assertThat(Writing.written(put(AWrite.openAi())).endpointSetBy()).isEmpty();
  }

  @Test
  void clearing_needs_no_endpoint() {
    shareWithBob(Writing.written(put(AWrite.openAi().endpoint(OPENAI).key())));

    assertThat(Writing.written(patch(bob, AWrite.of().clearingTheKey())).hasApiKey()).isFalse();
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<WrittenInstance> unused = put(AWrite.openAi().key());

    assertThat(w.recorded())
        .containsExactly("service.create refused alice/s [destination_required]");
  }

  private void shareWithBob(Instance service) {
    Share unused = w.stored(service, AShare.with(bob).role(Role.OWNER).givenBy(alice).build());
  }

  private Outcome<WrittenInstance> put(AWrite what) {
    return write.put(w.as(alice), "alice/s", what);
  }

  private Outcome<WrittenInstance> patch(User by, AWrite what) {
    return write.patch(w.as(by), "alice/s", what);
  }
}
