package io.claviger.domain.keys;

import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * The context to which a secret is bound. A sealed value can be opened only with the binding with
 * which it was sealed. So the value can't be opened after somebody has moved it to another row,
 * column, user or destination.
 */
public final class KeyBinding {
  private static final byte FORMAT_VERSION = 1;

  /**
   * The tag in the binding of a credential's secret. A service stores either an API key, such a
   * secret, or an owner's {@link #CONFIRMATION}. Because these three have different tags, a value
   * that was sealed as one of them can't be opened as another, even if somebody changes the
   * credential's kind in the database.
   */
  private static final String CREDENTIAL = "instance.credential";

  private static final String CONFIRMATION = "instance.credential_confirmation";

  /**
   * The kind of a sealed value, with the tag for it. The tags are part of the stored format, and
   * never change.
   */
  public enum Kind {
    INSTANCE_API_KEY("instance.api_key"),
    INSTANCE_HEADERS("instance.headers"),
    USER_KEY("user_key"),
    REFRESH_TOKEN("refresh_token"),
    WEBHOOK_SECRET("webhook_secret"),
    NAMING_KEY("naming_key"),
    BILLING_CREDENTIAL("billing_credential"),
    ISSUER_KEY("issuer_key"),
    AUDIT_KEY("audit_key"),
    WAITING_CHANGE("waiting_change");

    private final String tag;

    Kind(String tag) {
      this.tag = tag;
    }

    public String tag() {
      return tag;
    }
  }

  private final byte[] associatedData;

  /**
   * @param user the user who stored the key; present only for {@link Kind#USER_KEY}
   */
  public KeyBinding(
      Kind kind, Instance.Id instance, Optional<User.Id> user, Destination destination) {
    if ((kind == Kind.USER_KEY) != user.isPresent()) {
      throw new IllegalArgumentException("exactly the users' keys must be bound to a user");
    }
    if (kind == Kind.REFRESH_TOKEN || kind == Kind.WEBHOOK_SECRET) {
      throw new IllegalArgumentException("values of this kind must not be bound to a service");
    }
    if (kind == Kind.BILLING_CREDENTIAL) {
      throw new IllegalArgumentException(
          "a billing credential must be bound to its own destination, not to the service's");
    }
    if (kind == Kind.NAMING_KEY) {
      throw new IllegalArgumentException("a naming key must not be bound to a destination");
    }
    if (kind == Kind.ISSUER_KEY || kind == Kind.AUDIT_KEY) {
      throw new IllegalArgumentException("a signing key must be bound to its public key");
    }
    if (kind == Kind.WAITING_CHANGE) {
      throw new IllegalArgumentException(
          "a change that waits for consent must not be bound to a destination");
    }
    this.associatedData = encode(kind, instance, user, destination);
  }

  private KeyBinding(byte[] associatedData) {
    this.associatedData = associatedData;
  }

  /** Returns the binding of a user's refresh token from an identity provider. */
  public static KeyBinding ofRefreshToken(Issuer issuer, User.Id user) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.write(FORMAT_VERSION);
    writePart(out, Kind.REFRESH_TOKEN.tag);
    writePart(out, issuer.value());
    writePart(out, bytes(user.value()));
    return new KeyBinding(out.toByteArray());
  }

  /** Returns the binding of the secret with which a webhook's messages are signed. */
  public static KeyBinding ofWebhookSecret(Webhook.Id webhook, WebhookUrl url) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.write(FORMAT_VERSION);
    writePart(out, Kind.WEBHOOK_SECRET.tag);
    writePart(out, bytes(webhook.value()));
    writePart(out, url.url());
    return new KeyBinding(out.toByteArray());
  }

  /**
   * Returns the binding of the naming key, from which the names of a service's callers are derived.
   * The binding contains no destination, because the naming key is never sent anywhere.
   */
  public static KeyBinding ofNamingKey(Instance.Id instance) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.write(FORMAT_VERSION);
    writePart(out, Kind.NAMING_KEY.tag);
    writePart(out, bytes(instance.value()));
    return new KeyBinding(out.toByteArray());
  }

  /**
   * Returns the binding of a change that waits for the consent of other people. The change is
   * sealed because it can contain a new key.
   */
  public static KeyBinding ofWaitingChange(UUID change, Instance.Id instance) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.write(FORMAT_VERSION);
    writePart(out, Kind.WAITING_CHANGE.tag);
    writePart(out, bytes(change));
    writePart(out, bytes(instance.value()));
    return new KeyBinding(out.toByteArray());
  }

  /**
   * Returns the binding of a key for a provider's bills. The binding contains the key's id, the
   * service, and where and how the key is sent.
   */
  public static KeyBinding ofBillingCredential(BillingCredential credential) {
    Endpoint endpoint = credential.endpoint();
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.write(FORMAT_VERSION);
    writePart(out, Kind.BILLING_CREDENTIAL.tag);
    writePart(out, bytes(credential.id().value()));
    writePart(out, bytes(credential.service().value()));
    writePart(out, credential.api().wireName());
    writePart(out, endpoint.scheme());
    writePart(out, endpoint.host());
    writePart(out, Integer.toString(endpoint.port()));
    writePart(out, endpoint.path());
    return new KeyBinding(out.toByteArray());
  }

  /**
   * Returns the binding of a key that signs statements. The binding contains the thumbprint of the
   * public key.
   *
   * @param kid the id of the key
   */
  public static KeyBinding ofIssuerKey(String kid) {
    return ofSigningKey(Kind.ISSUER_KEY, kid);
  }

  /**
   * Returns the binding of a key that signs heads of the audit trail.
   *
   * @param id the id of the public key
   */
  public static KeyBinding ofAuditKey(String id) {
    return ofSigningKey(Kind.AUDIT_KEY, id);
  }

  private static KeyBinding ofSigningKey(Kind kind, String id) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.write(FORMAT_VERSION);
    writePart(out, kind.tag);
    writePart(out, id);
    return new KeyBinding(out.toByteArray());
  }

  /** Returns the binding of the secret with which a service's tokens are minted. */
  public static KeyBinding ofCredential(CredentialBinding credential) {
    return ofCredential(CREDENTIAL, credential, new byte[0]);
  }

  /**
   * Returns the binding of an owner's confirmation of where a credential without a secret is used.
   * Because the binding includes the owner, the confirmation becomes invalid when the service gets
   * another owner.
   */
  public static KeyBinding ofConfirmation(CredentialBinding credential, User.Id owner) {
    return ofCredential(CONFIRMATION, credential, bytes(owner.value()));
  }

  /**
   * Returns the binding of what is stored for a service's credential: its key, its secret, or its
   * owner's confirmation.
   */
  public static KeyBinding ofCredential(
      Instance.Id instance, User.Id owner, Destination destination, CredentialSettings settings) {
    CredentialBinding whole =
        new CredentialBinding(
            instance.value(),
            destination.endpoint(),
            destination.placement(),
            destination.sent(),
            settings);
    return switch (settings.kind().stored()) {
      case KEY, NOTHING -> ofApiKey(instance, destination);
      case SECRET -> ofCredential(whole);
      case CONFIRMATION -> ofConfirmation(whole, owner);
    };
  }

  private static KeyBinding ofCredential(String tag, CredentialBinding credential, byte[] owner) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.write(FORMAT_VERSION);
    writePart(out, tag);
    writePart(out, owner);
    credential.parts().forEach(part -> writePart(out, part));
    return new KeyBinding(out.toByteArray());
  }

  public static KeyBinding ofApiKey(Instance.Id instance, Destination destination) {
    return new KeyBinding(Kind.INSTANCE_API_KEY, instance, Optional.empty(), destination);
  }

  public static KeyBinding ofHeaders(Instance.Id instance, Destination destination) {
    return new KeyBinding(Kind.INSTANCE_HEADERS, instance, Optional.empty(), destination);
  }

  public static KeyBinding ofUserKey(Instance.Id instance, User.Id user, Destination destination) {
    return new KeyBinding(Kind.USER_KEY, instance, Optional.of(user), destination);
  }

  /**
   * Returns the associated data for AES-GCM: a version byte, and then each part of the binding,
   * preceded by its length (four bytes, big-endian). Because of the lengths, no two bindings have
   * the same bytes. An absent id is written as an empty part.
   */
  public byte[] associatedData() {
    return associatedData.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyBinding that && Arrays.equals(associatedData, that.associatedData);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(associatedData);
  }

  @Override
  public String toString() {
    return "KeyBinding[" + HexFormat.of().formatHex(associatedData) + "]";
  }

  private static byte[] encode(
      Kind kind, Instance.Id instance, Optional<User.Id> user, Destination destination) {
    Endpoint endpoint = destination.endpoint();
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.write(FORMAT_VERSION);
    writePart(out, kind.tag);
    writePart(out, bytes(instance.value()));
    writePart(out, user.map(id -> bytes(id.value())).orElse(new byte[0]));
    writePart(out, endpoint.scheme());
    writePart(out, endpoint.host());
    writePart(out, Integer.toString(endpoint.port()));
    writePart(out, endpoint.path());
    writePart(out, destination.placement().method().wireName());
    writePart(out, destination.placement().field());
    // If there are no sent settings, nothing is written here. So values that earlier versions of
    // Claviger sealed can still be opened, because these versions had no sent settings.
    destination.sent().lines().forEach(line -> writePart(out, line));
    return out.toByteArray();
  }

  private static void writePart(ByteArrayOutputStream out, String text) {
    writePart(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void writePart(ByteArrayOutputStream out, byte[] bytes) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(bytes.length >> shift);
    }
    out.writeBytes(bytes);
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
