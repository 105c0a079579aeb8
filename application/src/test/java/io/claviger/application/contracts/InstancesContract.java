package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.APace;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.builders.Seen;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.KeyLabel;
import io.claviger.domain.Note;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What {@link InstanceStore} promises of single ones; of lists, see {@link InstanceListsContract}.
 */
public abstract class InstancesContract extends PortContract {
  private static final Limits LIMITS =
      new Limits(
              Optional.of(1),
              Optional.of(Set.of(new ModelPattern("embed-v4.0"))),
              Optional.of(Set.of(new Operation("POST v2/embed"), new Operation("POST v1/embed"))),
              Optional.of(4096),
              ABudget.most())
          .with(APace.most());

  @Test
  void an_instance_is_found_as_stored() {
    User alice = user("alice");
    Definition definition = stored(ADefinition.of(alice, "template").build());
    Instance full =
        AnInstance.of(alice, "full")
            .displayName("Lab account")
            .description("for the lab")
            .own(InstanceField.NOTE, new Note("Ask first.\n\tAlways."))
            .own(InstanceField.STREAM_USAGE, false)
            .own(InstanceField.APPLIED_BY, new AppliedBy("team"))
            .own(InstanceField.API_KEY_VERSION, new KeyLabel("2026-11"))
            .from(definition)
            .provider(Provider.COHERE)
            .organization("org-1")
            .disabled()
            .keyPolicy(new KeyPolicy(true, true, true))
            .limits(LIMITS)
            .limitsInAll(new LimitsInAll(Optional.of(1_000_000), APace.most()))
            .headerNames("X-One", "x-two")
            .apiKeySetAt(NOW)
            .credential(
                CredentialSettings.stored(
                    CredentialKind.OAUTH_CLIENT,
                    Map.of(
                        CredentialField.TOKEN_URL,
                        "https://tokens.example/t?=",
                        CredentialField.SCOPE,
                        "a=b c")))
            .build();
    Instance bare = AnInstance.of(alice, "bare").withoutDimensions().endpointSetBy(none()).build();
    SealedValue key = sealed(full, "sk-0123456789");
    SealedValue headers = sealed(full, "X-One:secret");
    ports.instances().insert(full, replace(key), replace(headers));
    stored(bare);

    VisibleInstance seen =
        Seen.of(
            full, none(), new SealedKeys(Optional.of(key), Optional.of(headers), none()), false);
    assertThat(ports.instances().find(full.ref(), alice.id(), NOW)).contains(seen);
    assertThat(ports.instances().find(full.id(), alice.id(), NOW)).contains(seen);
    assertThat(ports.instances().find(bare.ref(), alice.id(), NOW)).contains(Seen.of(bare, none()));
    assertThat(ports.instances().lock(full.ref(), alice.id(), NOW)).contains(seen);
    assertThat(ports.instances().hold(full.ref(), alice.id(), NOW)).contains(seen);
    assertThat(ports.instances().hold(bare.ref(), alice.id(), NOW)).contains(Seen.of(bare, none()));
  }

  @Test
  void what_is_not_there_is_not_found() {
    User alice = user("alice");
    Instance absent = AnInstance.of(alice, "absent").build();

    assertThat(ports.instances().find(absent.ref(), alice.id(), NOW)).isEmpty();
    assertThat(ports.instances().find(absent.id(), alice.id(), NOW)).isEmpty();
    assertThat(ports.instances().lock(absent.ref(), alice.id(), NOW)).isEmpty();
    assertThat(ports.instances().hold(absent.ref(), alice.id(), NOW)).isEmpty();
  }

  @Test
  void it_comes_with_the_viewers_share_expired_or_not() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    Share expired =
        shared(
            instance,
            AShare.with(bob).expiresAt(NOW.minusSeconds(1)).limits(LIMITS).givenBy(alice).build(),
            alice);
    shared(instance, AShare.with(carol).givenBy(alice).build(), alice);

    VisibleInstance seen = Seen.of(instance, Optional.of(expired));
    assertThat(ports.instances().find(instance.ref(), bob.id(), NOW)).contains(seen);
    assertThat(ports.instances().find(instance.id(), bob.id(), NOW)).contains(seen);
    assertThat(ports.instances().lock(instance.ref(), bob.id(), NOW)).contains(seen);
    assertThat(ports.instances().find(instance.id(), alice.id(), NOW))
        .contains(Seen.of(instance, none()));
  }

  @Test
  void a_share_comes_with_the_limits_of_the_co_owners_that_it_was_given_by() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    shared(instance, AShare.with(bob).role(Role.OWNER).limits(LIMITS).build(), alice);
    shared(instance, AShare.with(carol).limits(LIMITS).givenVia(bob).givenBy(bob).build(), bob);

    VisibleInstance seen = ports.instances().find(instance.ref(), carol.id(), NOW).orElseThrow();
    assertThat(seen.giversLimits()).contains(LIMITS);
    assertThat(ports.instances().find(instance.ref(), bob.id(), NOW).orElseThrow().giversLimits())
        .isEmpty();
  }

  @Test
  void how_a_key_travels_is_what_the_standard_says() {
    User alice = user("alice");
    KeyPlacement inHeader = new KeyPlacement(KeyMethod.CUSTOM_HEADER, "x-house-key");
    ports.apiStandards().insert(AStandard.called("house").build());
    Instance instance =
        stored(AnInstance.of(alice, "i").apiStandard("house", KeyPlacement.BEARER).build());

    ports.apiStandards().update(AStandard.called("house").placement(inHeader).version(2).build());

    assertThat(ports.instances().find(instance.id(), alice.id(), NOW).orElseThrow().instance())
        .satisfies(i -> assertThat(i.placement()).isEqualTo(inHeader));
  }

  @Test
  void none_is_called_system() {
    assertThatException().isThrownBy(() -> stored(AnInstance.of(user("alice"), "_system").build()));
  }

  @Test
  void a_handle_is_taken_once_for_each_owner() {
    User alice = user("alice");
    User bob = user("bob");
    stored(AnInstance.of(alice, "same").build());
    stored(AnInstance.of(bob, "same").build());

    assertLost(TAKEN, () -> stored(AnInstance.of(alice, "same").build()));
  }

  @Test
  void an_instance_needs_what_it_refers_to() {
    User alice = user("alice");
    User gone = AUser.called("gone").build();
    Definition noDefinition = ADefinition.of(alice, "gone").build();

    assertLost(REFERENCE_GONE, () -> stored(AnInstance.of(gone, "i").build()));
    assertLost(REFERENCE_GONE, () -> stored(AnInstance.of(alice, "i").from(noDefinition).build()));
    assertLost(
        REFERENCE_GONE,
        () -> stored(AnInstance.of(alice, "i").apiStandard("gone", KeyPlacement.NONE).build()));
    assertLost(
        REFERENCE_GONE,
        () -> stored(AnInstance.of(alice, "i").endpointSetBy(Optional.of(gone.id())).build()));
    assertLost(REFERENCE_GONE, () -> stored(AnInstance.of(alice, "i").headersSetBy(gone).build()));
  }

  @Test
  void nothing_is_sealed_under_an_encryption_key_that_is_not_on_record() {
    User alice = user("alice");
    Instance instance = AnInstance.of(alice, "i").apiKeySetAt(NOW).build();
    SealedValue foreign = sealedBy(InMemorySealer.withOneKey(), instance, "sk-0123456789");

    assertLost(REFERENCE_GONE, () -> ports.instances().insert(instance, replace(foreign), KEEP));
  }

  @Test
  void an_update_replaces_everything_but_name_and_creation() {
    User alice = user("alice");
    User bob = user("bob");
    Definition definition = stored(ADefinition.of(alice, "template").build());
    Instance before = stored(AnInstance.of(alice, "i").build());

    Instance changed =
        AnInstance.of(alice, "i")
            .id(before.id())
            .displayName("New")
            .description("new")
            .from(definition)
            .provider(Provider.GOOGLE)
            .withoutDimensions()
            .organization("org-2")
            .disabled()
            .keyPolicy(new KeyPolicy(false, true, false))
            .limits(LIMITS)
            .limitsInAll(new LimitsInAll(Optional.of(1_000_000), APace.most()))
            .endpointSetBy(Optional.of(bob.id()))
            .headersSetBy(bob)
            .version(2)
            .build();
    ports.instances().update(changed, KEEP, KEEP);

    assertThat(ports.instances().find(before.ref(), alice.id(), NOW))
        .contains(Seen.of(changed, none()));
  }

  @Test
  void secrets_are_kept_replaced_and_cleared_each_by_itself() {
    User alice = user("alice");
    ports.accessTokens().save(AToken.of(alice).build(), hash(1));
    AnInstance builder = AnInstance.of(alice, "i");
    Instance with = builder.apiKeySetAt(NOW).headerNames("X-One").build();
    SealedValue key = sealed(with, "sk-0123456789");
    SealedValue headers = sealed(with, "X-One:secret");
    SealedValue otherKey = sealed(with, "sk-9876543210");

    ports.instances().insert(with, replace(key), replace(headers));
    assertSealed(with, Optional.of(key), Optional.of(headers));

    ports.instances().update(with, KEEP, KEEP);
    assertSealed(with, Optional.of(key), Optional.of(headers));

    ports.instances().update(with, replace(otherKey), KEEP);
    assertSealed(with, Optional.of(otherKey), Optional.of(headers));

    Instance withoutHeaders = builder.headerNames().build();
    ports.instances().update(withoutHeaders, KEEP, CLEAR);
    assertSealed(with, Optional.of(otherKey), none());

    Instance without = AnInstance.of(alice, "i").id(with.id()).build();
    ports.instances().update(without, CLEAR, KEEP);
    assertSealed(with, none(), none());
    assertThat(ports.instances().find(with.id(), alice.id(), NOW))
        .contains(Seen.of(without, none()));
  }

  @Test
  void a_stored_key_and_the_time_it_was_set_go_together() {
    User alice = user("alice");
    Instance timeOnly = AnInstance.of(alice, "i").apiKeySetAt(NOW).build();
    Instance keyOnly = AnInstance.of(alice, "i").build();
    SealedValue key = sealed(keyOnly, "sk-0123456789");

    assertThatException().isThrownBy(() -> ports.instances().insert(timeOnly, KEEP, KEEP));
    assertThatException().isThrownBy(() -> ports.instances().insert(keyOnly, replace(key), KEEP));
  }

  @Test
  void stored_header_values_and_their_names_go_together() {
    User alice = user("alice");
    Instance namesOnly = AnInstance.of(alice, "i").headerNames("X-One").build();
    Instance valuesOnly = AnInstance.of(alice, "i").build();
    SealedValue values = sealed(valuesOnly, "X-One:secret");

    assertThatException().isThrownBy(() -> ports.instances().insert(namesOnly, KEEP, KEEP));
    assertThatException()
        .isThrownBy(() -> ports.instances().insert(valuesOnly, KEEP, replace(values)));
  }

  @Test
  void what_a_project_uses_stays() {
    User alice = user("alice");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    Project project = stored(AProject.of(alice, "p").using(instance).build());

    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.instances().delete(instance.id()));

    assertThat(ports.instances().find(instance.id(), alice.id(), NOW)).isPresent();
    ports.projects().update(project.with(project.values(), none(), NOW));
    ports.instances().delete(instance.id());
    assertThat(ports.instances().find(instance.id(), alice.id(), NOW)).isEmpty();
  }

  @Test
  void what_is_gone_can_not_be_updated_or_deleted() {
    User alice = user("alice");
    Instance gone = AnInstance.of(alice, "gone").build();

    assertLost(REFERENCE_GONE, () -> ports.instances().update(gone, KEEP, KEEP));
    assertLost(REFERENCE_GONE, () -> ports.instances().delete(gone.id()));
  }

  @Test
  void an_instance_goes_with_its_shares() {
    User alice = user("alice");
    User bob = user("bob");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    shared(instance, AShare.with(bob).role(Role.OWNER).build(), alice);

    ports.instances().delete(instance.id());

    assertThat(ports.instances().find(instance.id(), bob.id(), NOW)).isEmpty();
    assertThat(ports.shares().find(instance.id(), bob.id())).isEmpty();
  }

  private void assertSealed(
      Instance instance, Optional<SealedValue> key, Optional<SealedValue> headers) {
    Instance.Ref ref = instance.ref();
    assertThat(ports.callContexts().gather(hash(1), ref, NOW).orElseThrow().target())
        .get()
        .satisfies(
            target -> {
              assertThat(target.keys().apiKey()).isEqualTo(key);
              assertThat(target.keys().headers()).isEqualTo(headers);
            });
  }
}
