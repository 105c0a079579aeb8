package io.claviger.application.issuer;

import io.claviger.application.credentials.port.ServiceStatement;
import io.claviger.application.credentials.port.ServiceStatement.Statement;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.issuer.port.IssuerKeyStore.StoredKey;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.ServiceClaims;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Signs statements about services. For each statement, the signing key is read from the database,
 * so that a rotation or revocation takes effect on all nodes immediately.
 */
public final class ServiceStatements {
  static final String NO_ISSUER =
      "This installation is not an issuer: the operator has to set CLAVIGER_PUBLIC_URL or"
          + " CLAVIGER_ISSUER_URL to an https address.";

  private final Optional<Issuer> issuer;
  private final SigningKeys keys;
  private final InstanceStore services;
  private final AuditedChanges changes;

  /**
   * @param issuer the address of the issuer; empty if this installation is not an issuer
   */
  public ServiceStatements(
      Optional<Issuer> issuer, SigningKeys keys, InstanceStore services, AuditedChanges changes) {
    this.issuer = issuer;
    this.keys = keys;
    this.services = services;
    this.changes = changes;
  }

  /**
   * Returns a signer that signs only statements about the service of the given credential. The
   * signer signs only as long as the given user owns the service, and the service has this
   * credential and endpoint. Otherwise, a former owner's token URL could obtain a statement about
   * the service of its present owner.
   */
  public ServiceStatement about(CredentialBinding credential, User.Id owner) {
    return new Signer(credential, owner);
  }

  private final class Signer implements ServiceStatement {
    private final CredentialBinding credential;
    private final User.Id owner;

    /** The id of the key that signed last; empty if no key has signed yet. */
    private volatile Optional<String> last = Optional.empty();

    Signer(CredentialBinding credential, User.Id owner) {
      this.credential = credential;
      this.owner = owner;
    }

    @Override
    public Statement sign(String audience, Type type) {
      return ServiceStatements.this.sign(
          credential, owner, audience, type, key -> last = Optional.of(key));
    }

    @Override
    public boolean isRevoked() {
      Optional<String> kid = last;
      return kid.isPresent()
          && keys.store().all().stream().noneMatch(stored -> stored.key().kid().equals(kid.get()));
    }
  }

  /**
   * @param signs a consumer that gets a key's id before the key signs
   */
  private Statement sign(
      CredentialBinding credential,
      User.Id owner,
      String audience,
      ServiceStatement.Type type,
      Consumer<String> signs) {
    if (issuer.isEmpty()) {
      return new Statement.Unsigned(NO_ISSUER);
    }
    Instant now = changes.now();
    Optional<InstanceStore.TransferredInstance> found =
        services.findTransferred(new Instance.Id(credential.service()));
    if (found.isEmpty()) {
      return new Statement.Unsigned("The service was deleted.");
    }
    Instance service = found.get().instance();
    if (!service.owner().equals(owner) || !service.credentialBinding().equals(credential)) {
      return new Statement.Unsigned(
          "The service's owner, credential or endpoint has just changed.", true);
    }
    ServiceClaims claims =
        new ServiceClaims(
            issuer.get(),
            subject(service, found.get().given()),
            service.ref(),
            audience,
            now,
            UUID.randomUUID());
    try {
      Optional<StoredKey> key = signingKey();
      key.ifPresent(signing -> signs.accept(signing.key().kid()));
      return key.flatMap(signing -> signed(signing, claims, type))
          .<Statement>map(Statement.Signed::new)
          .orElseGet(() -> new Statement.Unsigned("The stored key of the issuer can't be opened."));
    } catch (MissingEncryptionKey e) {
      return new Statement.Unsigned(
          "This node of the gateway can't decrypt the key of the issuer.", true);
    } catch (OutsideKeyFailure e) {
      return new Statement.Unsigned(
          "The key of the issuer does not sign: " + e.getMessage() + ".", e.isAway());
    }
  }

  static String subject(Instance about, Optional<GivenCredential> given) {
    return given.filter(g -> !g.isLeftTo(about.owner(), about.credential())).isPresent()
        ? ServiceClaims.subjectOfReceiver(about.id(), about.owner())
        : ServiceClaims.subject(about.id());
  }

  private Optional<StoredKey> signingKey() {
    List<StoredKey> stored = keys.store().all();
    if (SigningKeys.signing(stored).isEmpty()) {
      keys.makeFirst();
      stored = keys.store().all();
    }
    return SigningKeys.signing(stored);
  }

  private Optional<Secret> signed(StoredKey key, ServiceClaims claims, ServiceStatement.Type type) {
    String input = claims.signingInput(key.key().kid(), type.wireName());
    return keys.sign(key, input.getBytes(StandardCharsets.US_ASCII))
        .map(
            signature ->
                Secret.takingOver(
                    (input
                            + "."
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(signature))
                        .getBytes(StandardCharsets.US_ASCII)));
  }
}
