package io.claviger.application.fakes;

import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@link BillingCredentialStore} in memory, apart from the services. */
public final class InMemoryBillingCredentials implements BillingCredentialStore {
  private final Map<Instance.Id, StoredCredential> rows = new ConcurrentHashMap<>();

  @Override
  public Optional<BillingCredential> find(Instance.Id service) {
    return read(service).map(StoredCredential::credential);
  }

  @Override
  public Optional<StoredCredential> read(Instance.Id service) {
    return Optional.ofNullable(rows.get(service));
  }

  @Override
  public boolean save(BillingCredential credential, SealedValue key) {
    return rows.put(
            credential.service(),
            new StoredCredential(
                credential,
                key,
                new User.Id(credential.service().value()),
                new Instance.Ref(new Handle("owner"), new Handle("service"))))
        == null;
  }

  @Override
  public boolean delete(Instance.Id service) {
    return rows.remove(service) != null;
  }
}
