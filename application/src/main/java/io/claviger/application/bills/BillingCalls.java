package io.claviger.application.bills;

import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.bills.port.BillingCredentialStore.StoredCredential;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.gateway.port.AuthorizedCall.ConnectionBasis;
import io.claviger.application.gateway.port.AuthorizedCall.Secrets;
import io.claviger.application.gateway.port.AuthorizedCall.Terms;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageAccount;
import java.util.Arrays;
import java.util.Optional;

/**
 * Opens billing credentials for requests to providers' usage APIs. These requests are not calls of
 * a user, so they are charged to nobody. These requests may reach only the addresses that users'
 * services may reach, even for services of {@code _system}.
 */
public final class BillingCalls {
  /** The time limit of a request. */
  public static final Timeout EACH = new Timeout(10_000);

  private final BillingCredentialStore store;
  private final Sealer sealer;

  public BillingCalls(BillingCredentialStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
  }

  /** The result of opening a credential. */
  public sealed interface Opened {
    /**
     * @param call the request, which contains the decrypted key. The receiver has to close the
     *     request
     */
    record Ready(BillingCredential credential, AuthorizedCall call) implements Opened {}

    record Failed(BillingFailure why) implements Opened {}
  }

  /**
   * Opens the credential of a service, unless the owner of the service has changed.
   *
   * @throws MissingEncryptionKey if this node lacks the encryption key of the credential
   */
  public Opened open(Account account) {
    Optional<StoredCredential> stored =
        store.read(account.service()).filter(found -> found.owner().equals(account.owner()));
    if (stored.isEmpty()) {
      return new Opened.Failed(BillingFailure.NO_CREDENTIAL);
    }
    BillingCredential credential = stored.get().credential();
    sealer.demandKeyOf(stored.get().key());
    Optional<Secret> key =
        sealer.open(stored.get().key(), KeyBinding.ofBillingCredential(credential));
    return key.<Opened>map(
            secret ->
                new Opened.Ready(
                    credential,
                    call(credential, secret, stored.get().owner(), stored.get().service())))
        .orElseGet(() -> new Opened.Failed(BillingFailure.CREDENTIAL_UNUSABLE));
  }

  /** Returns a call that sends the key to the endpoint of its credential. */
  static AuthorizedCall call(
      BillingCredential credential, Secret key, User.Id owner, Instance.Ref service) {
    CallableStandard standard = standard(credential.api());
    AuthorizationBasis basis =
        new AuthorizationBasis(
            new UsageAccount(
                owner, service.owner(), credential.service(), service, owner, Optional.empty()),
            KeySource.CENTRAL,
            new Destination(credential.endpoint(), standard.placement()),
            Optional.empty(),
            standard.handle(),
            Optional.empty(),
            1,
            Optional.empty(),
            ChargePolicy.toNobody(Provider.OPENAI_COMPAT),
            ConnectionBasis.USUAL,
            Optional.empty());
    return AuthorizedCall.ofNobody(
        new Terms(service.toString(), standard, EACH, false),
        basis,
        new Secrets(Optional.of(key), CustomHeaders.NONE, Optional.empty(), Optional.empty()));
  }

  private static CallableStandard standard(BillingApi api) {
    WireFormat format =
        Arrays.stream(WireFormat.values())
            .filter(each -> each.api().billing().equals(Optional.of(api)))
            .findFirst()
            .orElseThrow();
    return new CallableStandard(
        new Handle("billing"),
        format,
        api.keyHeader().map(KeyPlacement::header).orElse(KeyPlacement.BEARER),
        format.operations(),
        format.requestHeaders(),
        format.responseHeaders(),
        format.queryParameters());
  }
}
