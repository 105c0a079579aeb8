package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.fakes.Ports;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.routing.port.RoutingContexts.SeenService;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.webhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** Provides the ports, on a store that contains only the seeds. */
public abstract class PortContract {
  protected static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789012Z");
  static final SecretChange KEEP = new SecretChange.Keep();
  static final SecretChange CLEAR = new SecretChange.Clear();

  private static final InMemorySealer SEALER = InMemorySealer.withOneKey();

  @SuppressWarnings("NullAway.Init") // set before each test
  protected Ports ports;

  /** Creates ports on a store as the migrations leave it. */
  protected abstract Ports freshPorts();

  @BeforeEach
  void begin() {
    ports = freshPorts();
    ports.encryptionKeys().add(SEALER.sealingKey(), SEALER.sentinel(SEALER.sealingKey()));
  }

  /** The time of the clock by which the stores decide what is over. */
  Instant databaseNow() {
    return ports.deviceCodes().now();
  }

  protected User stored(AUser builder) {
    User user = builder.build();
    ports.users().insert(user);
    return user;
  }

  protected User user(String handle) {
    return stored(AUser.called(handle));
  }

  Definition stored(Definition definition) {
    ports.definitions().insert(definition);
    return definition;
  }

  protected Instance stored(Instance instance) {
    ports.instances().insert(instance, KEEP, KEEP);
    return instance;
  }

  Project stored(Project project) {
    ports.projects().insert(project);
    return project;
  }

  Share shared(Instance instance, Share share, User giver) {
    ports.shares().insert(instance.id(), share, giver.id());
    return share;
  }

  static Handle handle(String text) {
    return new Handle(text);
  }

  static TokenHash hash(int n) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) n;
    bytes[31] = (byte) ~n;
    return new TokenHash(bytes);
  }

  /** A value that looks as if it were sealed under a recorded encryption key. */
  static SealedValue sealed(Instance instance, String text) {
    return sealedBy(SEALER, instance, text);
  }

  /** Stores a user's own key that looks sealed, and returns the sealed value. */
  SealedValue userKey(Instance instance, User user) {
    SealedValue value = sealed(instance, "sk-of-" + user.handle().value());
    ports.userKeys().save(new UserKey(instance.id(), user.id(), NOW), value);
    return value;
  }

  static SealedKeys ofUser(SealedValue value) {
    return new SealedKeys(none(), none(), Optional.of(value));
  }

  /** A secret of a webhook that looks sealed. */
  static SealedValue sealed(Webhook webhook) {
    try (Secret secret = Secret.takingOver(new byte[32])) {
      return SEALER.seal(secret, KeyBinding.ofWebhookSecret(webhook.id(), webhook.url()));
    }
  }

  static SealedValue sealedBy(InMemorySealer sealer, Instance instance, String text) {
    try (Secret secret = Secret.apiKey(text.getBytes(StandardCharsets.US_ASCII))) {
      return sealer.seal(secret, KeyBinding.ofApiKey(instance.id(), instance.destination()));
    }
  }

  /** What can be called by the names of models with the token whose hash is the first one. */
  List<SeenService> routed() {
    return ports
        .routingContexts()
        .gather(hash(1), NOW)
        .orElseThrow()
        .target()
        .orElseThrow()
        .services();
  }

  /** Links an identity to a user who has not signed in with it yet. */
  LinkedIdentity linked(User user, Identity identity) {
    LinkedIdentity linked =
        new LinkedIdentity(
            identity, user.id(), false, false, NOW, Optional.empty(), UnfollowedGroups.NONE, false);
    ports.identities().insert(linked);
    return linked;
  }

  static SecretChange replace(SealedValue with) {
    return new SecretChange.Replace(with);
  }

  static <T> Optional<T> none() {
    return Optional.empty();
  }

  static void assertLost(ConcurrencyConflict.How how, Runnable attempt) {
    assertThatExceptionOfType(ConcurrencyConflict.class)
        .isThrownBy(attempt::run)
        .satisfies(e -> assertThat(e.how()).isEqualTo(how));
  }
}
