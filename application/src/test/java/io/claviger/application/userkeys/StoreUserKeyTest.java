package io.claviger.application.userkeys;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.application.userkeys.UserKeys.SavedUserKey;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.KeyPolicy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StoreUserKeyTest {
  private final UserKeyFixture h = new UserKeyFixture();
  private final Wiring w = h.w;

  @Test
  void who_can_use_a_service_stores_a_key_of_their_own_for_it() {
    SavedUserKey stored = UserKeyFixture.stored(h.store(h.bob));

    assertThat(stored.created()).isTrue();
    assertThat(stored.key())
        .isEqualTo(new UserKey(h.service.id(), h.bob.id(), w.claviger.clock().instant()));
    assertThat(w.claviger.userKeys().find(h.service.id(), h.bob.id())).contains(stored.key());
  }

  @Test
  void the_owning_user_may_and_on_a_system_level_one_everybody() {
    Instance systems =
        w.stored(AnInstance.systemLevel("x").keyPolicy(UserKeyFixture.USERS).build());

    assertThat(UserKeyFixture.stored(h.store(h.alice)).created()).isTrue();
    for (User user : new User[] {h.alice, h.carol, h.root}) {
      assertThat(UserKeyFixture.stored(h.store(user, systems)).created()).isTrue();
    }
  }

  @Test
  void it_is_sealed_to_user_service_and_destination() {
    Outcome<SavedUserKey> unused = h.store(h.bob);

    SealedValue value = value(h.bob);
    assertThat(opens(value, KeyBinding.ofUserKey(h.service.id(), h.bob.id(), at()))).isTrue();
    assertThat(opens(value, KeyBinding.ofUserKey(h.service.id(), h.alice.id(), at()))).isFalse();
    assertThat(opens(value, KeyBinding.ofApiKey(h.service.id(), at()))).isFalse();
    assertThat(new String(value.bytes(), StandardCharsets.ISO_8859_1))
        .doesNotContain(Wiring.CANARY);
  }

  @Test
  void another_one_takes_its_place() {
    Outcome<SavedUserKey> unused = h.store(h.bob);
    SealedValue first = value(h.bob);

    assertThat(UserKeyFixture.stored(h.store(h.bob)).created()).isFalse();
    assertThat(value(h.bob)).isNotEqualTo(first);
  }

  @Test
  void each_user_has_their_own() {
    Outcome<SavedUserKey> bobs = h.store(h.bob);
    Outcome<SavedUserKey> alices = h.store(h.alice);

    assertThat(UserKeyFixture.stored(alices).created()).isTrue();
    assertThat(UserKeyFixture.stored(bobs).key().user()).isEqualTo(h.bob.id());
  }

  @Test
  void the_endpoint_named_is_compared_in_its_normal_form() {
    assertThat(UserKeyFixture.stored(storeAt("HTTPS://API.OpenAI.com:443/v1/")).created()).isTrue();
  }

  @Test
  void where_another_endpoint_stands_nothing_is_stored() {
    assertThat(because(storeAt("https://api.openai.com/v2"))).isEqualTo("destination_differs");
    assertThat(because(storeAt("http://api.openai.com/v1"))).isEqualTo("destination_differs");
    assertThat(h.keys.has(h.service, h.bob)).isFalse();
  }

  @Test
  void where_users_keys_are_off_none_is_stored() {
    Instance central = w.stored(AnInstance.of(h.alice, "c").build());

    assertThat(codes(h.store(h.alice, central))).containsExactly("/api_key user_keys_off");
    assertThat(h.keys.has(central, h.alice)).isFalse();
  }

  @Test
  void for_a_disabled_service_none_is_stored() {
    Instance disabled =
        w.stored(AnInstance.of(h.alice, "d").keyPolicy(UserKeyFixture.USERS).disabled().build());

    assertThat(codes(h.store(h.alice, disabled))).containsExactly("/api_key service_disabled");
    assertThat(h.keys.has(disabled, h.alice)).isFalse();
  }

  @Test
  void a_service_that_needs_no_key_takes_none() {
    Instance keyless =
        w.stored(
            AnInstance.of(h.alice, "o")
                .provider(Provider.OLLAMA)
                .keyPolicy(new KeyPolicy(true, true, true))
                .build());

    assertThat(codes(h.store(h.alice, keyless))).containsExactly("/api_key not_allowed");
  }

  @Test
  void everything_that_is_wrong_is_told_at_once() {
    Instance both = w.stored(AnInstance.of(h.alice, "b").disabled().build());

    assertThat(codes(h.store(h.alice, both)))
        .containsExactly("/api_key user_keys_off", "/api_key service_disabled");
  }

  @Test
  void what_is_wrong_with_the_service_is_told_before_its_endpoint_is() {
    Instance central = w.stored(AnInstance.of(h.alice, "c").build());

    assertThat(because(h.store(w.as(h.alice), central.ref(), "https://other.example.org")))
        .isEqualTo("/api_key user_keys_off");
  }

  @Test
  void who_cannot_see_a_service_has_no_key_for_it() {
    assertThat(because(h.store(h.carol))).isEqualTo("not_found");
    assertThat(
            h.store(
                w.as(h.carol), AnInstance.of(h.alice, "n").build().ref(), UserKeyFixture.OPENAI))
        .isEqualTo(h.store(h.carol));
  }

  @Test
  void who_could_use_it_until_now_can_not_see_it() {
    Actor carol = w.as(h.carol);
    assertThat(
            w.stored(
                    h.service, AShare.with(h.carol).expiresAt(w.claviger.clock().instant()).build())
                .grantee()
                .id())
        .isEqualTo(h.carol.id());

    assertThat(because(h.store(carol, h.service.ref(), UserKeyFixture.OPENAI)))
        .isEqualTo("not_found");
  }

  @Test
  void an_administrator_sees_it_but_has_no_key_for_it() {
    assertThat(because(h.store(h.root))).isEqualTo("forbidden");
    assertThat(h.keys.has(h.service, h.root)).isFalse();
  }

  @Test
  void a_token_that_only_uses_stores_nothing() {
    assertThat(because(h.store(w.using(h.bob), h.service.ref(), UserKeyFixture.OPENAI)))
        .isEqualTo("forbidden");
    Actor restricted = w.with(h.bob, AToken.of(h.bob).onlyFor(h.service).build());
    assertThat(because(h.store(restricted, h.service.ref(), UserKeyFixture.OPENAI)))
        .isEqualTo("forbidden");
    assertThat(h.keys.has(h.service, h.bob)).isFalse();
  }

  @Test
  void the_commands_key_stays_the_callers_to_close() {
    try (Secret key = StoredKeys.secret(Wiring.CANARY)) {
      Outcome<SavedUserKey> unused =
          w.userKeys.save(
              w.as(h.bob),
              h.service.ref(),
              new NewUserKey(key, Endpoint.of(UserKeyFixture.OPENAI)));

      String text = key.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
      assertThat(text).isEqualTo(Wiring.CANARY);
    }
  }

  private Outcome<SavedUserKey> storeAt(String endpoint) {
    return h.store(w.as(h.bob), h.service.ref(), endpoint);
  }

  private Destination at() {
    return h.service.destination();
  }

  private SealedValue value(User user) {
    return w.claviger
        .instances()
        .find(h.service.id(), user.id(), w.claviger.clock().instant())
        .orElseThrow()
        .keys()
        .userKey()
        .orElseThrow();
  }

  private boolean opens(SealedValue value, KeyBinding binding) {
    return w.claviger.sealer().open(value, binding).isPresent();
  }
}
