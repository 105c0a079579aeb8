package io.claviger.application.instances.port;

import io.claviger.domain.instances.Instance;

/**
 * Records the provider accounts that are reached with the keys of services. All methods are called
 * in a transaction that has locked the service.
 */
public interface ProviderAccounts {
  /**
   * Whether Claviger has records of objects in the present account: of stored objects, of shared
   * objects, or of objects that Claviger still has to delete there.
   */
  boolean holdsObjects(Instance.Id service);

  /**
   * Records that the service uses another account at the provider from now on. Claviger's records
   * of the objects in the former account end, but the objects themselves stay in that account. If a
   * call that is still running creates an object in the former account, the object is not recorded.
   *
   * @return the number of objects whose records ended
   */
  int change(Instance.Id service);
}
