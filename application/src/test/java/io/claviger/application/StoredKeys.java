package io.claviger.application;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Stores sealed values directly, bound as the operations would bind them, or bound to something
 * else.
 */
public final class StoredKeys {
  private static final SecretChange KEEP = new SecretChange.Keep();

  private final Wiring w;

  public StoredKeys(Wiring wiring) {
    this.w = wiring;
  }

  /** A service that stores a key. */
  public Instance withKey(AnInstance builder, String key) {
    Instance service = builder.apiKeySetAt(Seeds.SEEDED_AT).build();
    KeyBinding binding = KeyBinding.ofApiKey(service.id(), service.destination());
    w.claviger.instances().insert(service, new SecretChange.Replace(value(binding, key)), KEEP);
    return service;
  }

  /** A service whose token has to be requested with a client secret first. */
  public Instance minting(AnInstance builder) {
    return minting(builder, CredentialKind.OAUTH_CLIENT);
  }

  /** Stores a service whose tokens are minted from a stored secret of this kind. */
  public Instance minting(AnInstance builder, CredentialKind kind) {
    Instance service =
        builder
            .credential(
                CredentialSettings.stored(
                    kind, Map.of(CredentialField.TOKEN_URL, "https://tokens.example")))
            .apiKeySetAt(Seeds.SEEDED_AT)
            .build();
    KeyBinding binding = KeyBinding.ofCredential(service.credentialBinding());
    w.claviger
        .instances()
        .insert(service, new SecretChange.Replace(value(binding, "client-secret")), KEEP);
    return service;
  }

  /** A service that stores the value of one header. */
  public Instance withHeader(AnInstance builder, String name, String value) {
    Instance service = builder.headerNames(name).build();
    KeyBinding binding = KeyBinding.ofHeaders(service.id(), service.destination());
    w.claviger
        .instances()
        .insert(service, KEEP, new SecretChange.Replace(header(binding, name, value)));
    return service;
  }

  /** Stores a user's own key, bound to the row that it is in. */
  public void ofUser(Instance service, User user, String key) {
    ofUser(
        service,
        user,
        value(KeyBinding.ofUserKey(service.id(), user.id(), service.destination()), key));
  }

  /** Stores a user's own key, whatever it is bound to. */
  public void ofUser(Instance service, User user, SealedValue value) {
    boolean unused =
        w.claviger.userKeys().save(new UserKey(service.id(), user.id(), Seeds.SEEDED_AT), value);
  }

  public boolean has(Instance service, User user) {
    return w.claviger.userKeys().find(service.id(), user.id()).isPresent();
  }

  public SealedValue value(KeyBinding binding, String key) {
    try (Secret secret = secret(key)) {
      return w.claviger.sealer().seal(secret, binding);
    }
  }

  /** The sealed value of one header, whatever it is bound to. */
  public SealedValue header(KeyBinding binding, String name, String value) {
    CustomHeader header =
        CustomHeader.of(new HeaderName(name), value.getBytes(StandardCharsets.US_ASCII));
    try (CustomHeaders headers = new CustomHeaders(List.of(header));
        Secret packed = headers.packed()) {
      return w.claviger.sealer().seal(packed, binding);
    }
  }

  public static Secret secret(String key) {
    return Secret.apiKey(key.getBytes(StandardCharsets.US_ASCII));
  }
}
