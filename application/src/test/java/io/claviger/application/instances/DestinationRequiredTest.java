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

/** Whoever stores a secret must name the endpoint that it is sent to. */
class DestinationRequiredTest {
  private static final String OPENAI = "https://api.openai.com/v1";

  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
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
    assertThat(codes(put(InstanceWriteBuilder.openAi().key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void header_values_need_the_endpoint_they_are_for() {
    assertThat(codes(put(InstanceWriteBuilder.openAi().header("X-One", "1"))))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void a_refused_deposit_creates_nothing() {
    Outcome<WrittenInstance> unused = put(InstanceWriteBuilder.openAi().key());

    assertThat(
            w.claviger
                .instances()
                .find(InstanceWrites.ref("alice/s"), alice.id(), w.claviger.clock().instant()))
        .isEmpty();
  }

  @Test
  void a_key_with_its_endpoint_is_stored() {
    assertThat(
            InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI).key()))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void an_endpoint_named_in_one_request_is_set() {
    assertThat(
            InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI)))
                .endpointSetBy())
        .contains(alice.id());
  }

  @Test
  void who_set_the_standing_endpoint_need_not_name_it() {
    InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI)));

    assertThat(InstanceWrites.written(patch(alice, InstanceWriteBuilder.of().key())).hasApiKey())
        .isTrue();
  }

  @Test
  void who_set_the_standing_endpoint_need_not_name_it_in_a_replacement() {
    InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI)));

    assertThat(InstanceWrites.written(put(InstanceWriteBuilder.openAi().key())).hasApiKey())
        .isTrue();
  }

  @Test
  void a_definition_of_the_system_says_where_it_goes() {
    assertThat(
            InstanceWrites.written(
                    put(InstanceWriteBuilder.of().from("_system/openai-large").key()))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void a_definition_of_ones_own_says_where_it_goes() {
    assertThat(
            InstanceWrites.written(put(InstanceWriteBuilder.of().from("alice/own").key()))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void a_definition_of_another_does_not() {
    assertThat(codes(put(InstanceWriteBuilder.of().from("bob/open").key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void a_definition_of_another_does_where_the_endpoint_is_named() {
    assertThat(
            InstanceWrites.written(
                    put(InstanceWriteBuilder.of().from("bob/open").endpoint(OPENAI).key()))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void creating_from_a_definition_of_the_system_sets_the_endpoint() {
    InstanceWrites.written(put(InstanceWriteBuilder.of().from("_system/openai-large")));

    assertThat(InstanceWrites.written(patch(alice, InstanceWriteBuilder.of().key())).hasApiKey())
        .isTrue();
  }

  @Test
  void creating_from_a_definition_of_another_does_not() {
    Instance created = InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));

    assertThat(created.endpointSetBy()).isEmpty();
    assertThat(codes(patch(alice, InstanceWriteBuilder.of().key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void taking_the_providers_default_sets_nothing() {
    assertThat(InstanceWrites.written(put(InstanceWriteBuilder.openAi())).endpointSetBy())
        .isEmpty();
  }

  @Test
  void naming_a_definition_that_the_endpoint_does_not_come_from_says_nothing() {
    InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));

    assertThat(codes(patch(alice, InstanceWriteBuilder.of().from("_system/cohere-v4").key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void naming_a_definition_of_the_system_that_the_endpoint_comes_from_is_enough_later_too() {
    InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));

    assertThat(
            InstanceWrites.written(
                    patch(alice, InstanceWriteBuilder.of().from("_system/openai-large").key()))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void a_co_owner_who_did_not_set_the_endpoint_names_it() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI))));

    assertThat(codes(patch(bob, InstanceWriteBuilder.of().key())))
        .containsExactly("/endpoint destination_required");
    assertThat(
            InstanceWrites.written(patch(bob, InstanceWriteBuilder.of().endpoint(OPENAI).key()))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void a_co_owner_led_elsewhere_deposits_nothing() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI))));
    InstanceWrites.written(
        patch(bob, InstanceWriteBuilder.of().endpoint("https://evil.example.org")));

    assertThat(codes(patch(alice, InstanceWriteBuilder.of().key())))
        .containsExactly("/endpoint destination_required");
  }

  @Test
  void who_last_named_the_endpoint_set_it() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI))));

    Instance after = InstanceWrites.written(patch(bob, InstanceWriteBuilder.of().endpoint(OPENAI)));

    assertThat(after.endpointSetBy()).contains(bob.id());
  }

  @Test
  void that_another_set_the_endpoint_is_on_record() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI))));
    w.forget();

    InstanceWrites.written(patch(bob, InstanceWriteBuilder.of().endpoint(OPENAI)));

    assertThat(w.recorded()).containsExactly("service.update done alice/s [endpoint]");
  }

  @Test
  void who_may_not_set_the_endpoint_does_not_become_its_setter_by_naming_it() {
    Instance service = InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI)));
    Share unused = w.stored(service, AShare.with(bob).role(Role.WRITER).givenBy(alice).build());

    Instance after =
        InstanceWrites.written(patch(bob, InstanceWriteBuilder.of().endpoint(OPENAI).timeout(5)));

    assertThat(after.endpointSetBy()).contains(alice.id());
  }

  @Test
  void an_endpoint_that_moves_unnamed_was_set_by_nobody() {
    InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint("https://x.example.org")));

    assertThat(InstanceWrites.written(put(InstanceWriteBuilder.openAi())).endpointSetBy())
        .isEmpty();
  }

  @Test
  void a_key_does_not_go_with_header_values_that_another_set() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI).key())));
    InstanceWriteBuilder bobs = InstanceWriteBuilder.of().endpoint(OPENAI).key();
    InstanceWrites.written(patch(bob, bobs.header("Helicone-Target-Url", "https://bob.example")));

    assertThat(codes(patch(alice, InstanceWriteBuilder.of().endpoint(OPENAI).key())))
        .containsExactly("/custom_headers destination_required");
    assertThat(codes(put(InstanceWriteBuilder.openAi().endpoint(OPENAI).key())))
        .containsExactly("/custom_headers destination_required");

    Instance after =
        InstanceWrites.written(
            patch(alice, InstanceWriteBuilder.of().endpoint(OPENAI).key().clearingTheHeaders()));
    assertThat(after.customHeaderNames()).isEmpty();
    assertThat(after.headersSetBy()).isEmpty();
  }

  @Test
  void header_values_that_are_sent_again_are_known() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI).key())));
    InstanceWrites.written(
        patch(bob, InstanceWriteBuilder.of().endpoint(OPENAI).key().header("X-One", "his")));

    Instance after =
        InstanceWrites.written(
            patch(alice, InstanceWriteBuilder.of().endpoint(OPENAI).key().header("X-One", "own")));

    assertThat(after.headersSetBy()).contains(alice.id());
    assertThat(InstanceWrites.written(patch(alice, InstanceWriteBuilder.of().key())).headersSetBy())
        .contains(alice.id());
    assertThat(codes(patch(bob, InstanceWriteBuilder.of().endpoint(OPENAI).key())))
        .containsExactly("/custom_headers destination_required");
  }

  @Test
  void header_values_of_which_nobody_knows_who_set_them_are_somebody_elses() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI))));
    InstanceWrites.written(
        patch(bob, InstanceWriteBuilder.of().endpoint(OPENAI).header("X-One", "his")));
    w.claviger.users().delete(bob.id());

    assertThat(codes(patch(alice, InstanceWriteBuilder.of().endpoint(OPENAI).key())))
        .containsExactly("/custom_headers destination_required");
    assertThat(InstanceWrites.written(patch(alice, InstanceWriteBuilder.of().timeout(5))).version())
        .isEqualTo(3);
  }

  @Test
  void clearing_needs_no_endpoint() {
    shareWithBob(InstanceWrites.written(put(InstanceWriteBuilder.openAi().endpoint(OPENAI).key())));

    assertThat(
            InstanceWrites.written(patch(bob, InstanceWriteBuilder.of().clearingTheKey()))
                .hasApiKey())
        .isFalse();
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<WrittenInstance> unused = put(InstanceWriteBuilder.openAi().key());

    assertThat(w.recorded())
        .containsExactly("service.create refused alice/s [destination_required]");
  }

  private void shareWithBob(Instance service) {
    Share unused = w.stored(service, AShare.with(bob).role(Role.OWNER).givenBy(alice).build());
  }

  private Outcome<WrittenInstance> put(InstanceWriteBuilder what) {
    return write.put(w.as(alice), "alice/s", what);
  }

  private Outcome<WrittenInstance> patch(User actor, InstanceWriteBuilder what) {
    return write.patch(w.as(actor), "alice/s", what);
  }
}
