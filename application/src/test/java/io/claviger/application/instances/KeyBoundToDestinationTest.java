package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

class KeyBoundToDestinationTest {
  private static final String OPENAI = "https://api.openai.com/v1";
  private static final String ELSEWHERE = "https://elsewhere.example.org/v1";

  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User alice = w.user("alice");
  private final Instance before = write.withKey(alice, "s");

  @Test
  void the_endpoint_does_not_move_under_a_stored_key() {
    assertThat(because(patch(InstanceWriteBuilder.of().endpoint(ELSEWHERE))))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void nothing_changes_then() {
    Outcome<WrittenInstance> unused =
        patch(InstanceWriteBuilder.of().endpoint(ELSEWHERE).timeout(5));

    assertThat(w.now(before.ref())).isEqualTo(before);
  }

  @Test
  void the_endpoint_does_not_move_in_a_replacement_either() {
    assertThat(
            because(
                write.put(
                    w.as(alice), "alice/s", InstanceWriteBuilder.openAi().endpoint(ELSEWHERE))))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void the_endpoint_does_not_move_by_taking_a_default() {
    InstanceWrites.written(patch(InstanceWriteBuilder.of().endpoint(ELSEWHERE).key()));

    assertThat(because(write.put(w.as(alice), "alice/s", InstanceWriteBuilder.openAi())))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void the_endpoint_does_not_move_by_naming_a_definition() {
    w.claviger.definitions().insert(ADefinition.of(alice, "else").endpoint(ELSEWHERE).build());

    assertThat(
            because(
                write.put(w.as(alice), "alice/s", InstanceWriteBuilder.of().from("alice/else"))))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void the_placement_does_not_change_under_a_stored_key() {
    assertThat(because(patch(InstanceWriteBuilder.of().apiStandard("azure-openai"))))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void a_standard_with_the_same_placement_may_take_over() {
    w.claviger.apiStandards().insert(AStandard.called("alike").build());

    assertThat(
            InstanceWrites.written(
                    patch(InstanceWriteBuilder.of().apiStandard("alike").provider(Provider.OPENAI)))
                .hasApiKey())
        .isTrue();
  }

  /** A proxy behind the endpoint may send the key wherever a header of a caller says. */
  @Test
  void a_stored_key_stays_with_what_callers_could_send_along() {
    w.claviger.apiStandards().insert(AStandard.called("wide").forwarding("x-portkey-*").build());
    User bob = w.user("bob");
    Share unused = w.stored(before, AShare.with(bob).role(Role.OWNER).givenBy(alice).build());
    InstanceWriteBuilder wide =
        InstanceWriteBuilder.of().apiStandard("wide").provider(Provider.OPENAI);

    assertThat(because(write.patch(w.as(bob), "alice/s", wide)))
        .isEqualTo("key_bound_to_destination");
    assertThat(because(patch(wide))).isEqualTo("key_bound_to_destination");
    assertThat(w.now(before.ref())).isEqualTo(before);
    assertThat(InstanceWrites.written(patch(wide.endpoint(OPENAI).key())).hasApiKey()).isTrue();
    assertThat(
            InstanceWrites.written(patch(InstanceWriteBuilder.of().apiStandard("openai")))
                .hasApiKey())
        .isTrue();
  }

  @Test
  void stored_headers_stay_with_what_callers_could_send_along() {
    w.claviger.apiStandards().insert(AStandard.called("wide").forwarding("x-portkey-*").build());
    Instance unused = write.withKeyAndHeaders(alice, "h");

    assertThat(
            because(
                write.patch(
                    w.as(alice),
                    "alice/h",
                    InstanceWriteBuilder.of()
                        .apiStandard("wide")
                        .provider(Provider.OPENAI)
                        .endpoint(OPENAI)
                        .key())))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void a_key_is_not_left_behind_by_a_standard_that_takes_none() {
    assertThat(because(patch(InstanceWriteBuilder.of().apiStandard("none"))))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void stored_headers_are_bound_like_a_key() {
    Instance unused = write.withKeyAndHeaders(alice, "h");
    Outcome<WrittenInstance> keyOnly =
        write.patch(w.as(alice), "alice/h", InstanceWriteBuilder.of().endpoint(ELSEWHERE).key());

    assertThat(because(keyOnly)).isEqualTo("key_bound_to_destination");
  }

  @Test
  void a_key_is_bound_where_the_headers_are_brought_anew() {
    Instance unused = write.withKeyAndHeaders(alice, "h");
    Outcome<WrittenInstance> headersOnly =
        write.patch(
            w.as(alice),
            "alice/h",
            InstanceWriteBuilder.of().endpoint(ELSEWHERE).header("X-One", "1"));

    assertThat(because(headersOnly)).isEqualTo("key_bound_to_destination");
  }

  /** A proxy behind the endpoint may send the key wherever a header says. */
  @Test
  void a_co_owner_sends_a_stored_key_with_no_other_headers() {
    User bob = w.user("bob");
    Share unused = w.stored(before, AShare.with(bob).role(Role.OWNER).givenBy(alice).build());

    assertThat(because(write.patch(w.as(bob), "alice/s", steering())))
        .isEqualTo("key_bound_to_destination");
    assertThat(because(write.put(w.as(bob), "alice/s", steering().from("_system/openai-small"))))
        .isEqualTo("key_bound_to_destination");
    assertThat(w.now(before.ref())).isEqualTo(before);
  }

  @Test
  void the_owning_user_sends_a_stored_key_with_no_other_headers_either() {
    assertThat(because(patch(steering()))).isEqualTo("key_bound_to_destination");
  }

  @Test
  void an_administrator_sends_a_stored_key_of_the_system_with_no_other_headers() {
    User root = w.administrator("root");
    Instance unused = write.systemLevelWithKey(root, "shared");

    assertThat(because(write.patch(w.as(root), "_system/shared", steering())))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void headers_of_the_same_names_may_have_other_values() {
    Instance stored = write.withKeyAndHeaders(alice, "h");
    InstanceWriteBuilder same = InstanceWriteBuilder.of();
    stored.customHeaderNames().forEach(name -> same.header(name.value(), "other"));

    assertThat(because(write.patch(w.as(alice), "alice/h", same)))
        .isEqualTo("key_bound_to_destination");
  }

  @Test
  void other_headers_are_sent_with_a_key_brought_anew_or_with_none() {
    assertThat(patch(steering().key())).isInstanceOf(Outcome.Done.class);
    assertThat(patch(steering().clearingTheKey())).isInstanceOf(Outcome.Done.class);
    assertThat(patch(steering())).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void headers_are_removed_without_the_key() {
    Instance unused = write.withKeyAndHeaders(alice, "h");
    Outcome<WrittenInstance> cleared =
        write.patch(w.as(alice), "alice/h", InstanceWriteBuilder.of().clearingTheHeaders());

    assertThat(InstanceWrites.written(cleared).hasApiKey()).isTrue();
  }

  private static InstanceWriteBuilder steering() {
    return InstanceWriteBuilder.of()
        .endpoint("https://api.openai.com/v1")
        .header("X-Portkey-Custom-Host", "https://evil.example.org/v1");
  }

  @Test
  void the_endpoint_moves_with_a_key_brought_anew() {
    Instance after =
        InstanceWrites.written(patch(InstanceWriteBuilder.of().endpoint(ELSEWHERE).key()));

    assertThat(after.settings().fields().endpoint().url()).isEqualTo(ELSEWHERE);
  }

  @Test
  void the_endpoint_moves_with_everything_brought_anew() {
    Instance unused = write.withKeyAndHeaders(alice, "h");

    assertThat(
            write.patch(
                w.as(alice),
                "alice/h",
                InstanceWriteBuilder.of().endpoint(ELSEWHERE).key().header("X-One", "1")))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void the_endpoint_moves_with_the_key_cleared() {
    Instance after =
        InstanceWrites.written(
            patch(InstanceWriteBuilder.of().endpoint(ELSEWHERE).clearingTheKey()));

    assertThat(after.hasApiKey()).isFalse();
  }

  @Test
  void the_endpoint_moves_where_nothing_is_stored() {
    Instance unused = w.stored(AnInstance.of(alice, "bare").build());

    assertThat(
            write.patch(w.as(alice), "alice/bare", InstanceWriteBuilder.of().endpoint(ELSEWHERE)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void the_same_endpoint_written_otherwise_is_no_move() {
    assertThat(patch(InstanceWriteBuilder.of().endpoint("HTTPS://API.OpenAI.com:443/v1/")))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_service_that_needs_no_key_takes_none() {
    assertThat(codes(write.put(w.as(alice), "alice/o", InstanceWriteBuilder.ollama().key())))
        .containsExactly("/api_key not_allowed");
  }

  @Test
  void a_service_that_needs_no_key_takes_none_later() {
    Instance unused = w.stored(AnInstance.of(alice, "o").provider(Provider.OLLAMA).build());

    assertThat(codes(write.patch(w.as(alice), "alice/o", InstanceWriteBuilder.of().key())))
        .containsExactly("/api_key not_allowed");
  }

  @Test
  void a_service_that_needs_no_key_takes_headers() {
    assertThat(
            write.put(w.as(alice), "alice/o", InstanceWriteBuilder.ollama().header("X-One", "1")))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<WrittenInstance> unused = patch(InstanceWriteBuilder.of().endpoint(ELSEWHERE));

    assertThat(w.recorded())
        .containsExactly("service.update refused alice/s [key_bound_to_destination]");
  }

  private Outcome<WrittenInstance> patch(InstanceWriteBuilder what) {
    return write.patch(w.as(alice), "alice/s", what);
  }
}
